// Prints the help of the program and its commands: grouped flags, wrapped to the terminal.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>

namespace matcher::app {

/// Wraps to the width of stdout, at most 120 columns; to 80 if it is not a terminal.
std::shared_ptr<CLI::FormatterBase> make_help_formatter();

}  // namespace matcher::app
