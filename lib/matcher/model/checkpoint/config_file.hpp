// Reads configuration files of Hugging Face checkpoints.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

namespace matcher::model {

/// The next step for a network that matcher does not build.
inline constexpr const char* build_in_python =
    "make TorchScript of it in Python (docs/reference/models.md, \"TorchScript made in Python\")";

/// One JSON object of a configuration file, whose errors name the file and the key.
class Settings {
 public:
  Settings(nlohmann::json object, std::string origin) : object_(std::move(object)), origin_(std::move(origin)) {}

  bool has(const std::string& key) const;  ///< true if the key exists and is not null
  bool has_null(const std::string& key) const { return object_.contains(key) && object_.at(key).is_null(); }
  const nlohmann::json& at(const std::string& key) const { return object_.at(key); }
  auto items() const { return object_.items(); }
  const std::string& origin() const { return origin_; }

  /// Return the value, or `fallback` if it is missing. Throw Error(input) for another type, or outside `low`..`high`.
  std::int64_t whole(const std::string& key, std::int64_t fallback, std::int64_t low = 1,
                     std::int64_t high = 1 << 24) const;
  double number(const std::string& key, double fallback, double low, double high) const;
  bool flag(const std::string& key, bool fallback) const;
  std::string text(const std::string& key, const std::string& fallback) const;
  Settings child(const std::string& key) const;  ///< {} if it is missing

  /// Reads the side of a square, which may be a number or two equal numbers.
  std::int64_t side(const std::string& key, std::int64_t fallback) const;

  /// Throws Error(input) for a value that is wrong.
  [[noreturn]] void fail(const std::string& key, const std::string& reason) const;
  /// Throws Error(input) for a value that is correct, but that matcher cannot follow. `next`: what to do instead.
  [[noreturn]] void refuse(const std::string& key, const std::string& reason, const std::string& next) const;

 private:
  nlohmann::json object_;
  std::string origin_;
};

/// Throws Error(input) if the file is missing, is not a JSON object, or is nested absurdly deep.
Settings read_settings(const std::filesystem::path& file);

}  // namespace matcher::model
