#include "matcher/core/log_level.hpp"

#include <algorithm>
#include <array>

namespace matcher {
namespace {

constexpr std::array<std::string_view, 5> names{"debug", "info", "warning", "error",
                                                "off"};  // in the order of LogLevel

}  // namespace

std::string to_string(LogLevel level) { return std::string(names.at(std::size_t(level))); }

std::optional<LogLevel> find_log_level(std::string_view name) {
  const auto found = std::ranges::find(names, name);
  return found == names.end() ? std::nullopt : std::optional(LogLevel(found - names.begin()));
}

}  // namespace matcher
