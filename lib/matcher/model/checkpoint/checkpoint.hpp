// Reads a checkpoint folder (layout.hpp): its configuration, and one file of weights, or several with an index.
#pragma once

#include <deque>
#include <set>

#include "matcher/model/checkpoint/config_file.hpp"
#include "matcher/model/checkpoint/layout.hpp"
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
  /// Returns the tensor's shape; {} if there is none.
  std::vector<std::int64_t> shape(const std::string& name) const;
  bool has_any(const std::string& prefix) const;  ///< true if a name begins with it
  /// Returns the tensor and marks it as used. Throws Error(input) if it is missing, has another shape (-1 in `shape`:
  /// any length), is not of fp32, fp16 or bf16, or holds NaN or infinity.
  const StoredTensor& take(const std::string& name, const std::vector<std::int64_t>& shape);
  /// Keeps bytes that were made of a tensor, as long as the checkpoint lives.
  std::span<const std::byte> keep(std::vector<std::byte> bytes) { return made_.emplace_back(std::move(bytes)); }
  /// Marks tensors as used that an embedding does not need.
  void ignore(const std::string& name) { used_.insert(name); }
  void ignore_all(const std::string& prefix);
  /// Throws Error(input) with a tensor that was not used: the checkpoint then has another architecture.
  void check_all_used() const;

 private:
  explicit Checkpoint(const CheckpointFiles& files);
  void read_shards(const std::filesystem::path& index);
  void add_file(const std::filesystem::path& path);
  void check_finite(const std::string& name, const StoredTensor& tensor) const;

  std::filesystem::path folder_;
  Settings config_;
  std::vector<std::filesystem::path> paths_;
  std::vector<MappedFile> maps_;
  std::deque<std::vector<std::byte>> made_;
  StoredTensors tensors_;
  std::set<std::string, std::less<>> used_;
};

}  // namespace matcher::model
