// Describes options and arguments of the command line in words: for the help, the manual and the completion.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "flags/flags.hpp"

namespace matcher::app {

/// The headings of flags, in the order of the help.
inline constexpr const char* flag_groups[] = {group::input,   group::model, group::search,
                                              group::metrics, group::gate,  group::output};

/// Returns "N", "X", "TEXT", or the allowed names "cosine|margin"; "" for a flag without a value.
std::string value_name(const CLI::Option& option);

/// Returns the explanation of an option, with its default.
std::string explanation(const CLI::Option& option);

/// Returns "photo..." for an argument that may be repeated.
std::string positional_name(const CLI::Option& option);

/// Returns " [OPTIONS] [photo...]": what follows the name of a command.
std::string usage_of(const CLI::App& app);

/// Returns the arguments of a command.
std::vector<const CLI::Option*> arguments_of(const CLI::App& app);

/// Returns the flags of a command under a heading.
std::vector<const CLI::Option*> flags_under(const CLI::App& app, const std::string& heading);

/// Returns all commands of the program.
std::vector<const CLI::App*> commands_of(const CLI::App& program);

/// Returns the names that a flag takes, such as {"cosine", "margin"}; none for a flag that takes other values.
std::vector<std::string> choices_of(const CLI::Option& option);

}  // namespace matcher::app
