#include "matcher/config/yaml/reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "matcher/config/yaml/variables.hpp"
#include "matcher/core/names.hpp"

namespace matcher::config {
namespace {

int line_of(const YAML::Node& node) { return node.Mark().line + 1; }

template <typename T>
std::optional<T> number_in(const std::string& text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

YAML::Node load(const std::string& text, const std::string& origin) try {
  return YAML::Load(text);
} catch (const YAML::Exception& error) {
  throw Error(ErrorCode::usage, fmt::format("{}:{}:{}: this is not valid YAML ({})", origin, error.mark.line + 1,
                                            error.mark.column + 1, error.msg));
}

}  // namespace

YamlMap YamlMap::parse(const std::string& text, const std::string& origin) {
  return YamlMap(load(text, origin), origin);
}

std::string YamlMap::describe(const YAML::Node& node) const {
  if (node.IsMap()) return "a mapping";
  if (node.IsSequence()) return "a list";
  if (node.IsNull()) return "nothing";
  return values_ == Values::secret ? "this text" : fmt::format("\"{}\"", node.Scalar());
}

YamlMap::YamlMap(const YAML::Node& node, std::string origin, Values values)
    : origin_(std::move(origin)), node_(node), values_(values) {
  if (node_.IsNull()) return;
  if (!node_.IsMap()) fail_node(node_, fmt::format("expected keys with values, not {}", describe(node_)));
  for (const auto& entry : node_) {
    if (!entry.first.IsScalar())
      fail_node(entry.first, fmt::format("a key must be a word, not {}", describe(entry.first)));
    const auto& key = entry.first.Scalar();
    if (!lines_.emplace(key, line_of(entry.first)).second) {
      fail_node(entry.first, fmt::format("line {} already gives the key \"{}\". Keep one of them", lines_[key], key));
    }
    entries_.emplace(key, entry.second);
  }
}

std::optional<YAML::Node> YamlMap::find(const std::string& key) {
  if (std::find(asked_.begin(), asked_.end(), key) == asked_.end()) asked_.push_back(key);
  const auto found = entries_.find(key);
  if (found == entries_.end() || found->second.IsNull()) return std::nullopt;
  return found->second;
}

bool YamlMap::has(const std::string& key) { return find(key).has_value(); }

std::string YamlMap::scalar(const std::string& key, const YAML::Node& node, const char* wanted) const {
  if (!node.IsScalar()) fail_type(key, node, wanted);
  const auto where = fmt::format("{}:{}", origin_, line_of(node));
  if (values_ == Values::shown) return expand_variables(node.Scalar(), where);
  return expand_secret_variables(node.Scalar(), where);
}

float YamlMap::number(const std::string& key, const YAML::Node& node) const {
  const auto value = number_in<float>(scalar(key, node, "a number"));
  if (!value) fail_type(key, node, "a number");
  return *value;
}

long long YamlMap::whole(const std::string& key, const YAML::Node& node, long long least, long long most) const {
  const auto value = number_in<long long>(scalar(key, node, "a whole number"));
  if (!value) fail_type(key, node, "a whole number");
  if (*value < least) fail_node(node, fmt::format("\"{}\" must be {} or more, not {}", key, least, *value));
  if (*value > most) fail_node(node, fmt::format("\"{}\" must be {} or less, not {}", key, most, *value));
  return *value;
}

std::vector<YAML::Node> YamlMap::list(const std::string& key) {
  const auto node = find(key);
  if (!node) return {};
  if (!node->IsSequence()) fail_type(key, *node, "a list such as [a, b]");
  return {node->begin(), node->end()};
}

void YamlMap::read(const std::string& key, std::string& target) {
  if (const auto node = find(key)) target = scalar(key, *node, "a text");
}

void YamlMap::read(const std::string& key, std::filesystem::path& target) {
  std::string text = target.string();
  read(key, text);
  target = text;
}

void YamlMap::read(const std::string& key, bool& target) {
  const auto node = find(key);
  if (!node) return;
  const auto text = scalar(key, *node, "true or false");
  if (text != "true" && text != "false") fail_type(key, *node, "true or false");
  target = text == "true";
}

void YamlMap::read(const std::string& key, float& target) {
  if (const auto node = find(key)) target = number(key, *node);
}

void YamlMap::read(const std::string& key, std::vector<std::string>& target) {
  if (!find(key)) return;
  target.clear();
  for (const auto& node : list(key)) target.push_back(scalar(key, node, "a list of texts"));
}

void YamlMap::read_numbers(const std::string& key, float* target, std::size_t count) {
  const auto nodes = list(key);
  if (!nodes.empty() && nodes.size() != count) {
    fail_at(key, fmt::format("\"{}\" must be {} numbers, not {}", key, count, nodes.size()));
  }
  for (const auto& node : nodes) *target++ = number(key, node);
}

std::optional<YamlMap> YamlMap::map(const std::string& key) {
  const auto node = find(key);
  if (!node) return std::nullopt;
  return YamlMap(*node, origin_, values_);
}

std::optional<YamlMap> YamlMap::secret_map(const std::string& key) {
  const auto node = find(key);
  if (!node) return std::nullopt;
  return YamlMap(*node, origin_, Values::secret);
}

std::vector<YamlMap> YamlMap::maps(const std::string& key) {
  std::vector<YamlMap> all;
  for (const auto& node : list(key)) all.push_back(YamlMap(node, origin_, values_));
  return all;
}

void YamlMap::finish() const {
  for (const auto& entry : node_) {
    const auto& key = entry.first.Scalar();
    if (std::find(asked_.begin(), asked_.end(), key) != asked_.end()) continue;
    fail_at(key, fmt::format("unknown key \"{}\"{}", key, name_hint(key, asked_)));
  }
}

void YamlMap::fail(const std::string& message) const { fail_node(node_, message); }

void YamlMap::fail_at(const std::string& key, const std::string& message) const {
  throw Error(ErrorCode::usage, fmt::format("{}:{}: {}", origin_, lines_.at(key), message));
}

void YamlMap::fail_type(const std::string& key, const YAML::Node& node, const char* wanted) const {
  fail_node(node, fmt::format("\"{}\" must be {}, not {}", key, wanted, describe(node)));
}

void YamlMap::fail_node(const YAML::Node& node, const std::string& message) const {
  throw Error(ErrorCode::usage, fmt::format("{}:{}: {}", origin_, line_of(node), message));
}

}  // namespace matcher::config
