// Reads a Hugging Face checkpoint folder: config.json, and model.safetensors or several files of weights with
// model.safetensors.index.json.
#pragma once

#include <set>

#include "matcher/model/checkpoint/config_file.hpp"
#include "matcher/model/checkpoint/safetensors.hpp"

namespace matcher::model {

class Checkpoint {
 public:
  /// Maps all files of weights. Throws Error(input) with the file and the tensor.
  explicit Checkpoint(const std::filesystem::path& folder);

  const std::filesystem::path& folder() const { return folder_; }
  const Settings& config() const { return config_; }
  const std::vector<std::filesystem::path>& files() const { return paths_; }  ///< files of weights

  bool has(const std::string& name) const { return tensors_.contains(name); }
  /// Returns the tensor and marks it as used. Throws Error(input) if it is missing, has another shape (-1 in `shape`:
  /// any length), is not of fp32, fp16 or bf16, or holds NaN or infinity.
  const StoredTensor& take(const std::string& name, const std::vector<std::int64_t>& shape);
  /// Marks tensors as used that an embedding does not need.
  void ignore(const std::string& name) { used_.insert(name); }
  void ignore_all(const std::string& prefix);
  /// Throws Error(input) with a tensor that was not used: the checkpoint then has another architecture.
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
