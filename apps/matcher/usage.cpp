#include "usage.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <optional>
#include <string_view>

#include "matcher/core/error.hpp"
#include "matcher/core/names.hpp"

namespace matcher::app {
namespace {

using Words = std::vector<std::string>;

Words command_names(const CLI::App& cli) {
  Words names;
  for (const auto* command : cli.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(command->get_name());
  return names;
}

/// True for a word that can only be a flag: "-5" is a number, "-" is standard input.
bool is_flag(const std::string& word) {
  const auto name = word.find_first_not_of('-');
  return (name == 1 && std::isalpha(static_cast<unsigned char>(word[1]))) || (name == 2 && word.size() > 2);
}

std::string name_of(const std::string& flag) { return flag.substr(0, flag.find('=')); }

const CLI::Option* find_flag(const CLI::App& cli, const std::string& word) {
  return cli.get_option_no_throw(name_of(word));
}

/// True if the next word is the value of this one.
bool takes_next(const CLI::Option* flag, const std::string& word) {
  return flag != nullptr && flag->get_items_expected_min() > 0 && word.find('=') == std::string::npos;
}

/// The place of the command: the first word that is neither a global flag nor its value; the end if there is none.
std::size_t find_command(const CLI::App& cli, const Words& words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i][0] != '-') return i;
    if (takes_next(find_flag(cli, words[i]), words[i])) ++i;
  }
  return words.size();
}

const CLI::App* command_named(const CLI::App& cli, const Words& words) {
  const auto names = command_names(cli);
  if (words.empty())
    throw Error(ErrorCode::usage, fmt::format("no command; use one of {}; see matcher --help", fmt::join(names, ", ")));
  const auto at = find_command(cli, words);
  if (at == words.size()) return nullptr;
  if (std::ranges::count(names, words[at])) return cli.get_subcommand(words[at]);
  throw Error(ErrorCode::usage, fmt::format("there is no subcommand \"{}\" (see matcher --help){}", words[at],
                                            name_hint(words[at], names)));
}

std::string help_of(const CLI::App* command) {
  return command == nullptr ? "matcher --help" : fmt::format("matcher {} --help", command->get_name());
}

/// " (did you mean --x?)" for a flag that is similar to a known one, else "".
std::string flag_hint(const CLI::App& cli, const CLI::App* command, const std::string& flag) {
  Words flags;
  for (const auto* app : {&cli, command == nullptr ? &cli : command}) {
    for (const auto* option : app->get_options()) {
      for (const auto& name : option->get_lnames()) flags.push_back("--" + name);
    }
  }
  const auto near = nearest_name(flag, flags);
  return near.empty() ? "" : fmt::format(" (did you mean {}?)", near);
}

/// The value of flag `at`; nothing if it takes none, or the words end.
std::optional<std::string_view> value_of(const CLI::Option* flag, const Words& words, std::size_t at) {
  if (flag == nullptr || flag->get_items_expected_min() == 0) return std::nullopt;
  if (const auto equals = words[at].find('='); equals != std::string::npos)
    return std::string_view(words[at]).substr(equals + 1);
  return at + 1 < words.size() ? std::optional<std::string_view>(words[at + 1]) : std::nullopt;
}

/// A script whose variable is unset gives an empty value. It must not count as a flag that is left out: a gate would
/// pass.
void check_value(const CLI::App* command, const CLI::Option* flag, const Words& words, std::size_t at) {
  if (value_of(flag, words, at) != "") return;
  throw Error(ErrorCode::usage, fmt::format("{} is empty; give a value, or leave the flag out; see {}",
                                            name_of(words[at]), help_of(command)));
}

/// CLI11 complains first of what the words beside an unknown flag do, so unknown flags are found before it reads them.
void check_flags(const CLI::App& cli, const CLI::App* command, const Words& words) {
  for (std::size_t i = 0; i < words.size() && words[i] != "--"; ++i) {
    if (!is_flag(words[i])) continue;
    const auto* flag = find_flag(cli, words[i]);
    if (flag == nullptr && command != nullptr) flag = find_flag(*command, words[i]);
    if (flag == nullptr) {
      const auto name = name_of(words[i]);
      throw Error(ErrorCode::usage,
                  fmt::format("unknown flag {}{}; see {}", name, flag_hint(cli, command, name), help_of(command)));
    }
    check_value(command, flag, words, i);
    if (takes_next(flag, words[i])) ++i;
  }
}

/// "--models" of "--models excludes runs", "--top-k" of "--top-k: 1 required".
std::string first_name(const std::string& text) { return text.substr(0, text.find_first_of(": ")); }

std::string last_name(const std::string& text) { return text.substr(text.rfind(' ') + 1); }

std::string describe_mismatch(const std::string& text) {
  const bool is_missing = text.ends_with("missing");
  return fmt::format("{} {}", first_name(text), is_missing ? "needs a value" : "is given more than once");
}

/// "Could not convert: --seed = x"
std::string describe_conversion(const std::string& text) {
  const auto start = text.find(": "), equals = text.find(" = ");
  if (start == std::string::npos || equals == std::string::npos) return text;
  return fmt::format("{} must be a number, not \"{}\"", text.substr(start + 2, equals - start - 2),
                     text.substr(equals + 3));
}

std::string sentence_of(const CLI::App& cli, const CLI::ParseError& error) {
  const std::string kind = error.get_name();
  std::string text = error.what();
  if (error.get_exit_code() == int(CLI::ExitCodes::ExtrasError))  // its name is that of the command
    return fmt::format("unexpected argument \"{}\"", cli.remaining(true).front());
  if (kind == "ExcludesError") return fmt::format("{} cannot be used with {}", first_name(text), last_name(text));
  if (kind == "RequiresError") return fmt::format("{} needs {}", first_name(text), last_name(text));
  if (kind == "ArgumentMismatch") return describe_mismatch(text);
  if (kind == "ConversionError") return describe_conversion(text);
  if (kind != "ValidationError") return text;
  const auto colon = text.find(": ");  // "--top-k: must be 1 or more"
  return colon == std::string::npos ? text : text.substr(0, colon) + text.substr(colon + 1);
}

}  // namespace

Words read_words(int argc, char** argv) {
  Words words(argv + std::min(argc, 1), argv + argc);
  if (words.empty() || words[0] != "help") return words;
  words.erase(words.begin());
  words.resize(std::min<std::size_t>(words.size(), 1));
  words.emplace_back("--help");
  return words;
}

void check_words(const CLI::App& cli, const Words& words) { check_flags(cli, command_named(cli, words), words); }

std::string describe(const CLI::App& cli, const CLI::ParseError& error) {
  const auto commands = cli.get_subcommands();
  return fmt::format("{}; see {}", sentence_of(cli, error), help_of(commands.empty() ? nullptr : commands[0]));
}

}  // namespace matcher::app
