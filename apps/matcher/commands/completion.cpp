#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "commands/commands.hpp"
#include "flags/flags.hpp"
#include "flags/option_text.hpp"
#include "streams/streams.hpp"

namespace matcher::app {
namespace {

std::vector<std::string> flags_of(const CLI::App& app) {
  std::vector<std::string> names;
  for (const auto* option : app.get_options()) {
    for (const auto& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

std::vector<std::string> command_names(const CLI::App& program) {
  std::vector<std::string> names;
  for (const auto* command : commands_of(program)) names.push_back(command->get_name());
  return names;
}

bool takes_value(const CLI::Option& option) { return option.get_items_expected_min() > 0 && !option.get_positional(); }

/// The words to offer after a flag: its choices. Without words the shell offers its files. Flags of the program stand
/// after any command.
std::string value_cases(const CLI::App& app) {
  std::vector<std::string> files;
  std::string cases;
  for (const auto* option : app.get_options()) {
    if (!takes_value(*option)) continue;
    const auto place = app.get_parent() ? fmt::format("\"{} {}\"", app.get_name(), option->get_name())
                                        : fmt::format("*\" {}\"", option->get_name());
    const auto choices = choices_of(*option);
    if (choices.empty())
      files.push_back(place);
    else
      cases += fmt::format("    {}) words=\"{}\" ;;\n", place, fmt::join(choices, " "));
  }
  if (!files.empty()) cases += fmt::format("    {}) return ;;\n", fmt::join(files, "|"));
  return cases;
}

bool names_models(const CLI::App& command) { return command.get_name() == "verify" || command.get_name() == "export"; }

/// The words to offer as an argument of a command.
std::vector<std::string> argument_words(const CLI::App& program, const CLI::App& command) {
  if (command.get_name() == "manual") return command_names(program);
  if (names_models(command)) return {"$(_matcher_models)"};
  std::vector<std::string> words;
  for (const auto* argument : arguments_of(command)) {
    for (const auto& choice : choices_of(*argument)) words.push_back(choice);
  }
  return words;
}

std::string bash_script(const CLI::App& program) {
  std::string flags, values = value_cases(program);
  for (const auto* command : commands_of(program)) {
    auto words = flags_of(*command);
    for (const auto& word : argument_words(program, *command)) words.push_back(word);
    flags += fmt::format("    {}) words=\"{}\" ;;\n", command->get_name(), fmt::join(words, " "));
    values += value_cases(*command);
  }
  return fmt::format(R"(_matcher_models() {{
  matcher models --format csv 2>/dev/null | sed '1d;s/,.*//'
}}
_matcher() {{
  local word command="" words before="" now=${{COMP_WORDS[COMP_CWORD]}}
  for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
    case " {0} " in *" $word "*) command=$word; break ;; esac
  done
  case $command in
    "") words="{0} {1}" ;;
{2}  esac
  case "$command ${{COMP_WORDS[COMP_CWORD-1]}}" in
    *" --model"|*" --models"|*" --baseline") words=$(_matcher_models) before=${{now%"${{now##*[,+]}}"}} ;;
    "query --format") words="table markdown csv latex json ndjson html" ;;
    *" --format") words="table markdown csv latex json html" ;;
    *" --device") words="auto cpu cuda" ;;
    *" --precision") words="auto fp32 bf16 fp16" ;;
    *" --log-level") words="debug info warning error off" ;;
{3}  esac
  COMPREPLY=($(compgen -P "$before" -W "$words" -- "${{now#"$before"}}"))
}}
complete -o default -F _matcher matcher
)",
                     fmt::join(command_names(program), " "), fmt::join(flags_of(program), " "), flags, values);
}

/// zsh can run completion scripts of bash.
std::string zsh_script(const CLI::App& program) {
  return "#compdef matcher\nautoload -U +X bashcompinit && bashcompinit\n" + bash_script(program);
}

/// Quotes a word for fish.
std::string quoted(std::string text) {
  for (std::size_t at = 0; (at = text.find_first_of("'\\", at)) != std::string::npos; at += 2) text.insert(at, "\\");
  return fmt::format("'{}'", text);
}

bool names_a_model(const std::string& flag) { return flag == "model" || flag == "models" || flag == "baseline"; }

/// A line for a flag after a command, or, without one, after all commands.
std::string fish_flag(const std::string& command, const CLI::Option& option) {
  auto line = command.empty() ? "complete -c matcher"
                              : fmt::format("complete -c matcher -n '__fish_seen_subcommand_from {}'", command);
  for (const auto& name : option.get_lnames()) line += " -l " + name;
  for (const auto& name : option.get_snames()) line += " -s " + name;
  const auto choices = choices_of(option);
  if (takes_value(option)) line += " -r";
  if (!choices.empty()) line += fmt::format(" -f -a {}", quoted(fmt::format("{}", fmt::join(choices, " "))));
  if (!option.get_lnames().empty() && names_a_model(option.get_lnames()[0])) line += " -a '(__matcher_models)'";
  return fmt::format("{} -d {}\n", line, quoted(explanation(option)));
}

std::string fish_flags(const std::string& command, const CLI::App& app) {
  std::string lines;
  for (const auto* option : app.get_options())
    if (!option->get_positional()) lines += fish_flag(command, *option);
  return lines;
}

/// A line for the words that a command takes as arguments; models beside files.
std::string fish_arguments(const CLI::App& program, const CLI::App& command) {
  const auto words = argument_words(program, command);
  if (words.empty()) return "";
  return fmt::format("complete -c matcher -n '__fish_seen_subcommand_from {}'{} -a {}\n", command.get_name(),
                     names_models(command) ? "" : " -f",
                     names_models(command) ? "'(__matcher_models)'" : quoted(fmt::format("{}", fmt::join(words, " "))));
}

std::string fish_script(const CLI::App& program) {
  std::string lines = R"(function __matcher_models
  matcher models --format csv 2>/dev/null | sed '1d;s/,.*//'
end
)";
  for (const auto* command : commands_of(program))
    lines += fmt::format("complete -c matcher -f -n __fish_use_subcommand -a {} -d {}\n", command->get_name(),
                         quoted(command->get_description()));
  lines += fish_flags("", program);
  for (const auto* command : commands_of(program)) lines += fish_flags(command->get_name(), *command);
  for (const auto* command : commands_of(program)) lines += fish_arguments(program, *command);
  return lines;
}

std::string script_for(const std::string& shell, const CLI::App& program) {
  if (shell == "fish") return fish_script(program);
  return shell == "zsh" ? zsh_script(program) : bash_script(program);
}

}  // namespace

void add_completion(Program& program) {
  auto shell = std::make_shared<std::string>();
  auto& command = *program.app.add_subcommand("completion", "Print the completion script of a shell");
  command.add_option("shell", *shell, "bash, zsh or fish")->required()->check(one_of({"bash", "zsh", "fish"}));
  command.footer(
      "\nExample:\n  source <(matcher completion bash)\n  matcher completion fish "
      ">~/.config/fish/completions/matcher.fish");
  command.callback([&program, shell] {
    program.action = [&program, shell](Session&) {
      write_stdout(script_for(*shell, program.app));
      return 0;
    };
  });
}

}  // namespace matcher::app
