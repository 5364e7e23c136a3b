#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "commands/commands.hpp"
#include "flags.hpp"
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

std::vector<std::string> commands_of(CLI::App& app) {
  std::vector<std::string> names;
  for (const auto* command : app.get_subcommands([](CLI::App*) { return true; })) names.push_back(command->get_name());
  return names;
}

/// "cosine margin" for a flag that takes one of these; "" for another.
std::string choices_of(const CLI::Option& option) {
  const auto type = option.get_type_name();
  auto names = type.substr(type.rfind(':') + 1);
  if (names.find('|') == std::string::npos) return "";
  std::ranges::replace(names, '|', ' ');
  return names;
}

/// The words to offer after a flag: its choices. Without words the shell offers its files.
std::string value_cases(const std::string& command, const CLI::App& app) {
  std::vector<std::string> files;
  std::string cases;
  for (const auto* option : app.get_options()) {
    if (option->get_type_size() == 0 || option->get_positional()) continue;
    const auto place = fmt::format("\"{} {}\"", command, option->get_name());
    const auto choices = choices_of(*option);
    if (choices.empty())
      files.push_back(place);
    else
      cases += fmt::format("    {}) words=\"{}\" ;;\n", place, choices);
  }
  if (!files.empty()) cases += fmt::format("    {}) return ;;\n", fmt::join(files, "|"));
  return cases;
}

std::string bash_script(CLI::App& app) {
  std::string flags, values;
  for (const auto& name : commands_of(app)) {
    const auto& command = *app.get_subcommand(name);
    flags += fmt::format("    {}) words=\"{}\" ;;\n", name, fmt::join(flags_of(command), " "));
    values += value_cases(name, command);
  }
  return fmt::format(R"(_matcher() {{
  local word command="" words
  for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
    case " {0} " in *" $word "*) command=$word; break ;; esac
  done
  case $command in
    "") words="{0} {1}" ;;
{2}  esac
  case "$command ${{COMP_WORDS[COMP_CWORD-1]}}" in
    *" --model"|*" --models"|*" --baseline") words=$(matcher models --format csv 2>/dev/null | sed '1d;s/,.*//') ;;
    *" --format") words="table markdown csv latex json html" ;;
    *" --device") words="auto cpu cuda" ;;
{3}  esac
  COMPREPLY=($(compgen -W "$words" -- "${{COMP_WORDS[COMP_CWORD]}}"))
}}
complete -o default -F _matcher matcher
)",
                     fmt::join(commands_of(app), " "), fmt::join(flags_of(app), " "), flags, values);
}

/// zsh can run completion scripts of bash.
std::string zsh_script(CLI::App& app) {
  return "#compdef matcher\nautoload -U +X bashcompinit && bashcompinit\n" + bash_script(app);
}

}  // namespace

void add_completion(Program& program) {
  auto shell = std::make_shared<std::string>();
  auto& command = *program.app.add_subcommand("completion", "Print the completion script of a shell");
  command.add_option("shell", *shell, "bash or zsh")->required()->check(one_of({"bash", "zsh"}));
  command.footer("\nExample:\n  source <(matcher completion bash)");
  command.callback([&program, shell] {
    program.action = [&program, shell](Session&) {
      write_stdout(*shell == "zsh" ? zsh_script(program.app) : bash_script(program.app));
      return 0;
    };
  });
}

}  // namespace matcher::app
