#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <exception>
#include <new>
#include <sstream>

#include "commands/commands.hpp"
#include "matcher/core/error.hpp"
#include "matcher/core/names.hpp"
#include "matcher/core/version.hpp"
#include "matcher/process/blas.hpp"
#include "streams/streams.hpp"

namespace {

using namespace matcher;

constexpr const char* about =
    "Measures which embedding model finds the right product most often, at what cost, and whether tonight's build "
    "got worse.";

constexpr const char* examples = R"(
Examples:
  matcher models                                             list the models
  matcher eval --model gradient-layout --dataset demo        measure top-1, top-5, MRR and mAP of one model
  matcher compare --models colour-layout,gradient-layout     compare models in one table
  matcher index --model gradient-layout --dataset demo --output shelf
  matcher query --index shelf photo.jpg

Exit codes: 0 done, 1 unexpected, 2 usage or configuration, 3 input missing or unreadable,
            4 artefacts do not belong together, 5 a resource is unavailable, 6 a gate failed, 7 a gate cannot decide
)";

void describe_program(CLI::App& cli) {
  cli.description(about);
  cli.name("matcher");
  cli.footer(examples);
  cli.set_version_flag("--version", version);
  cli.require_subcommand(1);
  cli.fallthrough();
}

std::vector<std::string> command_names(const CLI::App& cli) {
  std::vector<std::string> names;
  for (const auto* command : cli.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(command->get_name());
  return names;
}

/// The first word that is neither a global flag nor its value; null if there is none.
const char* command_word(const CLI::App& cli, int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    if (argv[i][0] != '-') return argv[i];
    const auto* flag = cli.get_option_no_throw(argv[i]);
    if (flag != nullptr && flag->get_items_expected_max() > 0) ++i;
  }
  return nullptr;
}

/// Throws Error(usage) for a missing or unknown command, with the most similar one.
void check_command(const CLI::App& cli, int argc, char** argv) {
  const auto names = command_names(cli);
  if (argc < 2)
    throw Error(ErrorCode::usage,
                fmt::format("no subcommand; use one of {}; see matcher --help", fmt::join(names, ", ")));
  const auto* word = command_word(cli, argc, argv);
  if (word == nullptr || std::ranges::count(names, word)) return;
  throw Error(ErrorCode::usage,
              fmt::format("there is no subcommand \"{}\" (see matcher --help){}", word, name_hint(word, names)));
}

/// " (did you mean --x?)" for an unknown flag that is similar to one of the chosen command, else "".
std::string flag_hint(const CLI::App& cli) {
  const auto unknown = cli.remaining(true);
  const auto flag = std::ranges::find_if(unknown, [](const std::string& word) { return word.starts_with("--"); });
  if (flag == unknown.end()) return {};
  std::vector<std::string> flags;
  auto commands = cli.get_subcommands();
  for (const CLI::App* command : {&cli, commands.empty() ? &cli : static_cast<const CLI::App*>(commands[0])}) {
    for (const auto* option : command->get_options()) {
      for (const auto& name : option->get_lnames()) flags.push_back("--" + name);
    }
  }
  const auto near = nearest_name(flag->substr(0, flag->find('=')), flags);
  return near.empty() ? "" : fmt::format(" (did you mean {}?)", near);
}

/// The command that prints the help of the chosen command.
std::string help_of(const CLI::App& cli) {
  const auto commands = cli.get_subcommands();
  return commands.empty() ? "matcher --help" : fmt::format("matcher {} --help", commands[0]->get_name());
}

/// Prints the help or the version that was asked for.
int print_help(const CLI::App& cli, const CLI::ParseError& wish) {
  std::ostringstream text;
  cli.exit(wish, text);
  app::write_stdout(text.str());
  return 0;
}

int parse_and_run(app::Program& program, int argc, char** argv) {
  check_command(program.app, argc, argv);
  try {
    program.app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return print_help(program.app, error);
    throw Error(ErrorCode::usage,
                fmt::format("{}{}; see {}", error.what(), flag_hint(program.app), help_of(program.app)));
  }
  app::Session session(program.flags);
  return program.action(session);
}

int fail(ErrorCode code, const char* message) {
  app::write_error(fmt::format("matcher: error: {}", message));
  return int(code);
}

}  // namespace

int main(int argc, char** argv) {
  app::prepare_streams();
  stop_blas_threads();
  app::Program program;
  describe_program(program.app);
  app::add_global_flags(program.app, program.flags);
#define MATCHER_ADD_COMMAND(name) app::add_##name(program);
  MATCHER_COMMANDS(MATCHER_ADD_COMMAND)
#undef MATCHER_ADD_COMMAND
  try {
    return parse_and_run(program, argc, argv);
  } catch (const Error& error) {
    return fail(error.code(), error.what());
  } catch (const std::bad_alloc&) {
    return fail(ErrorCode::resource, "not enough memory; use a smaller --batch-size or a machine with more memory");
  } catch (const std::filesystem::filesystem_error& error) {
    return fail(ErrorCode::resource,
                fmt::format("cannot access \"{}\": {}", error.path1().string(), error.code().message()).c_str());
  } catch (const std::exception& error) {
    const std::string text = error.what();
    return fail(ErrorCode::unexpected, text.substr(0, text.find('\n')).c_str());  // without a list of calls
  }
}
