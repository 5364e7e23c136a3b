// The names of log levels, as users write them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "matcher/core/observer.hpp"

namespace matcher {

/// "debug", "info", "warning", "error" or "off".
std::string to_string(LogLevel level);

/// Returns nothing for an unknown name.
std::optional<LogLevel> find_log_level(std::string_view name);

}  // namespace matcher
