// A configuration file of a Hugging Face checkpoint. Private to this layer.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

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

}  // namespace matcher::model
