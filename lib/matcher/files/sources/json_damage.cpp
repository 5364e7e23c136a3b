#include "matcher/files/json_damage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace matcher {
namespace {

/// The text between the first `open` and the next `close`; "" without them.
std::string between(std::string_view text, std::string_view open, std::string_view close) {
  const auto start = text.find(open);
  if (start == std::string_view::npos) return {};
  const auto rest = text.substr(start + open.size());
  const auto end = rest.find(close);
  return end == std::string_view::npos ? std::string() : std::string(rest.substr(0, end));
}

/// "(/model/name)" as "model.name"; "" at the top.
std::string path_in(std::string_view text) {
  auto path = between(text, "] (/", ") ");
  std::ranges::replace(path, '/', '.');
  return path;
}

std::string join(const std::string& path, const std::string& key) { return path.empty() ? key : path + '.' + key; }

}  // namespace

std::string describe_damage(const std::exception& error) {
  const std::string_view text = error.what();
  const auto path = path_in(text);
  if (const auto line = between(text, "at line ", ","); !line.empty())
    return fmt::format("not valid JSON at line {}, column {}", line, between(text, "column ", ":"));
  if (const auto key = between(text, "key '", "' not found"); !key.empty())
    return fmt::format("\"{}\" is missing", join(path, key));
  const auto subject = path.empty() ? "a value" : fmt::format("\"{}\"", path);
  if (const auto wanted = between(text, "type must be ", ","); !wanted.empty())
    return fmt::format("{} must be {}, but is {}", subject, wanted, text.substr(text.rfind(' ') + 1));
  return fmt::format("{} has the wrong type", subject);
}

}  // namespace matcher
