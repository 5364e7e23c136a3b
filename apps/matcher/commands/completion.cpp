#include <fmt/format.h>
#include <fmt/ranges.h>

#include "commands/commands.hpp"
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

std::string bash_script(CLI::App& app) {
  std::string cases;
  for (const auto& name : commands_of(app)) {
    cases += fmt::format("    {}) words=\"{}\" ;;\n", name, fmt::join(flags_of(*app.get_subcommand(name)), " "));
  }
  return fmt::format(R"(_matcher() {{
  local word command="" words
  for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
    case " {0} " in *" $word "*) command=$word; break ;; esac
  done
  case $command in
    "") words="{0} {1}" ;;
{2}  esac
  COMPREPLY=($(compgen -W "$words" -- "${{COMP_WORDS[COMP_CWORD]}}"))
}}
complete -o default -F _matcher matcher
)",
                     fmt::join(commands_of(app), " "), fmt::join(flags_of(app), " "), cases);
}

/// zsh can run completion scripts of bash.
std::string zsh_script(CLI::App& app) {
  return "#compdef matcher\nautoload -U +X bashcompinit && bashcompinit\n" + bash_script(app);
}

}  // namespace

void add_completion(Program& program) {
  auto shell = std::make_shared<std::string>();
  auto& command = *program.app.add_subcommand("completion", "Print the completion script of a shell");
  command.add_option("shell", *shell, "bash or zsh")->required()->check(CLI::IsMember({"bash", "zsh"}));
  command.footer("\nExample:\n  source <(matcher completion bash)");
  command.callback([&program, shell] {
    program.action = [&program, shell](Session&) {
      write_stdout(*shell == "zsh" ? zsh_script(program.app) : bash_script(program.app));
      return 0;
    };
  });
}

}  // namespace matcher::app
