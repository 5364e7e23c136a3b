// Checks the words of a command line, and describes what is wrong with them.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace matcher::app {

/// The words after the name of the program, with `help COMMAND` written as `COMMAND --help`.
std::vector<std::string> read_words(int argc, char** argv);

/// Throws Error(usage) for a missing or unknown command, with the most similar one, for a flag that the command does
/// not have, and for a flag with an empty value.
void check_words(const CLI::App& cli, const std::vector<std::string>& words);

/// One sentence about a command line that CLI11 refuses, and the command that prints the help.
std::string describe(const CLI::App& cli, const CLI::ParseError& error);

}  // namespace matcher::app
