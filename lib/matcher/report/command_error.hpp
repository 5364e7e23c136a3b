// The error that ended a command, as --format json publishes it on stderr.
#pragma once

#include <string>

#include "matcher/core/error.hpp"

namespace matcher::report {

/// matcher.error/1.
struct CommandError {
  ErrorCode code = ErrorCode::unexpected;
  std::string message;
};

/// "usage", "input" and so on.
std::string to_string(ErrorCode code);

/// One line, without a line feed.
std::string to_json_line(const CommandError& error);

}  // namespace matcher::report
