// Reads YAML mappings into plain values, with file:line in every error.
#pragma once

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <concepts>
#include <filesystem>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "matcher/core/error.hpp"

namespace matcher::config {

/// One mapping. `read` leaves its target unchanged if the key is absent or has no value, so a default stays a default.
/// Values may contain variables, see variables.hpp. Every function throws Error(usage) that begins with file:line.
class YamlMap {
 public:
  /// Reads the mapping at the top of a file; an empty file is an empty mapping.
  static YamlMap parse(const std::string& text, const std::string& origin);

  bool has(const std::string& key);
  /// The lines of all keys, from 1.
  const std::map<std::string, int>& lines() const { return lines_; }
  void read(const std::string& key, std::string& target);
  void read(const std::string& key, std::filesystem::path& target);
  void read(const std::string& key, bool& target);
  void read(const std::string& key, float& target);
  void read(const std::string& key, std::vector<std::string>& target);
  template <std::integral T>
  void read(const std::string& key, T& target, long long least) {
    if (const auto node = find(key)) target = static_cast<T>(whole(key, *node, least, largest<T>));
  }
  template <std::integral T>
  void read(const std::string& key, std::optional<T>& target, long long least) {
    if (find(key)) read(key, target.emplace(), least);
  }
  template <std::integral T>
  void read(const std::string& key, std::vector<T>& target, long long least) {
    if (!find(key)) return;
    target.clear();
    for (const auto& node : list(key)) target.push_back(static_cast<T>(whole(key, node, least, largest<T>)));
  }
  /// Reads a text and passes it to `convert`. An Error from there gets the file and the line.
  template <typename T, typename Convert>
  void read_as(const std::string& key, T& target, Convert convert) {
    std::string text;
    read(key, text);
    if (!text.empty()) target = located(key, [&] { return convert(text); });
  }
  /// Reads exactly `count` numbers.
  void read_numbers(const std::string& key, float* target, std::size_t count);

  std::optional<YamlMap> map(const std::string& key);
  /// Reads a mapping whose values are secret: no message shows them.
  std::optional<YamlMap> secret_map(const std::string& key);
  std::vector<YamlMap> maps(const std::string& key);

  /// Refuses every key that was not read, with the nearest known one. Call it last.
  void finish() const;
  [[noreturn]] void fail(const std::string& message) const;                             ///< at the mapping
  [[noreturn]] void fail_at(const std::string& key, const std::string& message) const;  ///< at the key

 private:
  template <typename T>
  static constexpr long long largest = std::min<unsigned long long>(std::numeric_limits<T>::max(), 1LL << 53);

  enum class Values { shown, secret };
  YamlMap(const YAML::Node& node, std::string origin, Values values = Values::shown);
  std::string describe(const YAML::Node& node) const;
  std::optional<YAML::Node> find(const std::string& key);
  std::vector<YAML::Node> list(const std::string& key);
  std::string scalar(const std::string& key, const YAML::Node& node, const char* wanted) const;
  float number(const std::string& key, const YAML::Node& node) const;
  long long whole(const std::string& key, const YAML::Node& node, long long least, long long most) const;
  [[noreturn]] void fail_type(const std::string& key, const YAML::Node& node, const char* wanted) const;
  [[noreturn]] void fail_node(const YAML::Node& node, const std::string& message) const;

  template <typename F>
  auto located(const std::string& key, F call) const {
    try {
      return call();
    } catch (const Error& error) {
      fail_at(key, error.what());
    }
  }

  std::string origin_;
  YAML::Node node_;
  Values values_;
  std::map<std::string, YAML::Node> entries_;  ///< key -> value
  std::map<std::string, int> lines_;           ///< key -> line, from 1
  std::vector<std::string> asked_;
};

}  // namespace matcher::config
