#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "commands/commands.hpp"
#include "flags/option_text.hpp"
#include "matcher/core/error.hpp"
#include "matcher/core/names.hpp"
#include "matcher/core/version.hpp"
#include "matcher/files/file.hpp"
#include "streams/streams.hpp"

namespace matcher::app {
namespace {

/// Writes text for roff, which reads backslashes, minus signs, and points and quotes at the start of a line.
std::string escape(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\')
      out += "\\e";
    else if (c == '-')
      out += "\\-";
    else
      out += c;
  }
  return out.starts_with('.') || out.starts_with('\'') ? "\\&" + out : out;
}

std::string bold(const std::string& text) { return "\\fB" + escape(text) + "\\fR"; }

std::string page_name(const CLI::App* command) {
  return command == nullptr ? "matcher" : "matcher-" + command->get_name();
}

std::string section(const std::string& name, const std::string& text) {
  return text.empty() ? "" : fmt::format(".SH {}\n{}", name, text);
}

std::string entry(const std::string& name, const std::string& text) {
  return fmt::format(".TP\n{}\n{}\n", name, escape(text));
}

std::string describe_options(const std::vector<const CLI::Option*>& options) {
  std::string out;
  for (const auto* option : options) {
    const bool is_argument = option->get_positional();
    out += entry(bold(is_argument ? positional_name(*option) : option->get_name(false, true)) +
                     (is_argument ? "" : escape(value_name(*option))),
                 explanation(*option) + '.');
  }
  return out;
}

std::string describe_flags(const CLI::App& app) {
  std::string out;
  for (const auto* heading : flag_groups)
    if (const auto flags = flags_under(app, heading); !flags.empty())
      out += fmt::format(".SS {}\n{}", heading, describe_options(flags));
  return out;
}

std::string describe_commands(const CLI::App& program) {
  std::string out;
  for (const auto* command : commands_of(program))
    out += entry(bold(page_name(command)) + "(1)", command->get_description() + '.');
  return out;
}

/// The footer of the help, line by line.
std::string examples(const CLI::App& app) {
  std::istringstream lines(app.get_footer());
  std::string out;
  for (std::string line; std::getline(lines, line);) out += escape(line) + '\n';
  const auto start = out.find_first_not_of('\n');
  return start == std::string::npos ? "" : ".nf\n" + out.substr(start) + ".fi\n";
}

std::string see_also(const CLI::App* command) {
  return command == nullptr ? "" : bold("matcher") + "(1) has the options of all commands, and the exit codes.\n";
}

/// The page of a command; of the program for nullptr.
std::string manual_page(const CLI::App& program, const CLI::App* command) {
  const auto& app = command == nullptr ? program : *command;
  const auto name = page_name(command);
  const auto line = command == nullptr ? "matcher" : "matcher " + command->get_name();
  return fmt::format(".TH {} 1 \"\" \"matcher {}\" \"User Commands\"\n", escape(name), version) +
         section("NAME", fmt::format("{} \\- {}\n", escape(name), escape(app.get_description()))) +
         section("SYNOPSIS", bold(line) + escape(usage_of(app)) + '\n') +
         section("ARGUMENTS", describe_options(arguments_of(app))) +
         section("OPTIONS", command == nullptr ? describe_options(flags_under(app, "Options")) : describe_flags(app)) +
         section("COMMANDS", command == nullptr ? describe_commands(program) : "") +
         section("EXAMPLES AND NOTES", examples(app)) + section("SEE ALSO", see_also(command));
}

const CLI::App* find_command(const CLI::App& program, const std::string& name) {
  if (name.empty()) return nullptr;
  std::vector<std::string> names;
  for (const auto* command : commands_of(program)) {
    if (command->get_name() == name) return command;
    names.push_back(command->get_name());
  }
  throw Error(ErrorCode::usage,
              fmt::format("there is no subcommand \"{}\" (see matcher --help){}", name, name_hint(name, names)));
}

struct Flags {
  std::string command, folder;
};

void write_pages(const CLI::App& program, const std::filesystem::path& folder) {
  auto commands = commands_of(program);
  commands.push_back(nullptr);
  make_folder(folder);
  for (const auto* command : commands)
    write_atomically(folder / (page_name(command) + ".1"), manual_page(program, command));
}

void run(const CLI::App& program, const Flags& flags) {
  if (flags.folder.empty())
    write_stdout(manual_page(program, find_command(program, flags.command)));
  else
    write_pages(program, flags.folder);
}

}  // namespace

void add_manual(Program& program) {
  auto flags = std::make_shared<Flags>();
  auto& command = *program.app.add_subcommand("manual", "Print the manual page of the program or of a command");
  auto* name = command.add_option("command", flags->command, "A command (default: the program)");
  command.add_option("--folder", flags->folder, "Write all pages to this folder instead")
      ->group(group::output)
      ->excludes(name);
  command.footer(R"(
Examples:
  matcher manual eval | man -l -
  matcher manual --folder ~/.local/share/man/man1)");
  command.callback([&program, flags] {
    program.action = [&program, flags](Session&) {
      run(program.app, *flags);
      return 0;
    };
  });
}

}  // namespace matcher::app
