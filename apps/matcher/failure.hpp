// Describes what ended a command, for messages and for CI systems.
#pragma once

#include <functional>
#include <string>

#include "matcher/report/command_error.hpp"

namespace matcher::app {

/// Describes the exception that is being handled. Call it in a catch block.
report::CommandError describe_exception();

/// Calls `work` and returns its exit code. If it throws, writes the error to the JUnit file `file`, so that a CI system
/// has a report, and throws it on. An empty name: no file. `command` is "matcher eval".
int with_junit(const std::string& file, const std::string& command, const std::function<int()>& work);

/// Seconds since the program started.
double seconds_since_start();

}  // namespace matcher::app
