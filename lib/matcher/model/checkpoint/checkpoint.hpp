// A Hugging Face checkpoint folder: config.json, preprocessor_config.json and model.safetensors, or many files of
// weights with model.safetensors.index.json. Private to this layer.
#pragma once

#include <set>

#include "matcher/model/checkpoint/config_file.hpp"
#include "matcher/model/checkpoint/safetensors.hpp"

namespace matcher::model {

class Checkpoint {
 public:
  /// Maps all files of weights. Throws Error(input) naming the file and the tensor.
  explicit Checkpoint(const std::filesystem::path& folder);

  const std::filesystem::path& folder() const { return folder_; }
  const Settings& config() const { return config_; }
  const std::vector<std::filesystem::path>& files() const { return paths_; }  ///< of weights

  bool has(const std::string& name) const { return tensors_.contains(name); }
  /// The tensor, which from now on counts as used. Throws Error(input) when it is missing, of another shape (-1 in
  /// `shape` stands for any length), not of fp32, fp16 or bf16, or holds NaN or infinity.
  const StoredTensor& take(const std::string& name, const std::vector<std::int64_t>& shape);
  /// What a module of the same architecture holds, but an embedding does not need.
  void ignore(const std::string& name) { used_.insert(name); }
  void ignore_all(const std::string& prefix);
  /// Throws Error(input) naming a tensor that nobody asked for, because then this is another architecture.
  void check_all_used() const;

 private:
  void read_shards();
  void add_file(const std::filesystem::path& path);
  void check_finite(const std::string& name, const StoredTensor& tensor) const;

  std::filesystem::path folder_;
  Settings config_;
  std::vector<std::filesystem::path> paths_;
  std::vector<MappedFile> maps_;
  StoredTensors tensors_;
  std::set<std::string, std::less<>> used_;
};

}  // namespace matcher::model
