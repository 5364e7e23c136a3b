// A Hugging Face checkpoint folder: config.json, preprocessor_config.json and model.safetensors, or many files of
// weights with model.safetensors.index.json. Private to this layer.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "matcher/image/preprocess.hpp"
#include "matcher/model/safetensors.hpp"

namespace matcher::model {

/// One JSON object of a configuration file, whose errors name the file and the key.
class Settings {
 public:
  Settings(nlohmann::json object, std::string origin) : object_(std::move(object)), origin_(std::move(origin)) {}

  bool has(const std::string& key) const;  ///< there, and not null
  const nlohmann::json& at(const std::string& key) const { return object_.at(key); }
  auto items() const { return object_.items(); }
  const std::string& origin() const { return origin_; }

  /// The value, or `fallback` where it is absent. Throws Error(input) for another type, or outside `low`..`high`.
  std::int64_t whole(const std::string& key, std::int64_t fallback, std::int64_t low = 1,
                     std::int64_t high = 1 << 24) const;
  double number(const std::string& key, double fallback, double low, double high) const;
  bool flag(const std::string& key, bool fallback) const;
  std::string text(const std::string& key, const std::string& fallback) const;
  Settings child(const std::string& key) const;  ///< {} where it is absent

  /// A side of a square that may stand as a number or as two equal numbers.
  std::int64_t side(const std::string& key, std::int64_t fallback) const;

  [[noreturn]] void fail(const std::string& key, const std::string& reason) const;

 private:
  nlohmann::json object_;
  std::string origin_;
};

/// Throws Error(input) when the file is absent, holds no JSON object, or is nested as deeply as only an attack is.
Settings read_settings(const std::filesystem::path& file);

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
  std::vector<std::unique_ptr<MappedFile>> maps_;
  StoredTensors tensors_;
  std::set<std::string, std::less<>> used_;
};

/// The steps of a Hugging Face image processor. Throws Error(input) naming the key that matcher cannot follow.
image::Preprocess read_processor(const std::filesystem::path& file);

}  // namespace matcher::model
