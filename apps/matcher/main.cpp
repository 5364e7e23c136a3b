#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <sstream>

#include "commands/commands.hpp"
#include "failure.hpp"
#include "help.hpp"
#include "interrupt.hpp"
#include "matcher/core/error.hpp"
#include "matcher/core/version.hpp"
#include "matcher/process/blas.hpp"
#include "matcher/report/command_error.hpp"
#include "streams/streams.hpp"
#include "usage.hpp"

namespace {

using namespace matcher;

constexpr const char* about =
    "Measures which embedding model finds the right product most often, at what cost, and whether tonight's build "
    "got worse.";

constexpr const char* examples = R"(
Examples:
  matcher models
  matcher eval --model gradient-layout --dataset demo
  matcher compare --models colour-layout,gradient-layout --dataset demo
  matcher index --model gradient-layout --dataset demo --output shelf
  matcher query --index shelf photo.jpg

Exit codes: 0 done, 1 unexpected, 2 usage or configuration, 3 input missing or unreadable, 4 artefacts do not belong together, 5 a resource is unavailable, 6 a gate failed, 7 a gate cannot decide
)";

void describe_program(CLI::App& cli) {
  cli.description(about);
  cli.name("matcher");
  cli.formatter(app::make_help_formatter());
  cli.footer(examples);
  cli.set_version_flag("-V,--version", version, "Print the version and exit");
  cli.require_subcommand(1);
  cli.fallthrough();
}

/// Prints the help or the version that was asked for.
int print_help(const CLI::App& cli, const CLI::ParseError& wish) {
  std::ostringstream text;
  cli.exit(wish, text);
  app::write_stdout(text.str());
  return 0;
}

int parse_and_run(app::Program& program, std::vector<std::string> words) {
  app::check_words(program.app, words);
  std::ranges::reverse(words);  // CLI11 takes them from the end
  try {
    program.app.parse(std::move(words));
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return print_help(program.app, error);
    throw Error(ErrorCode::usage, app::describe(program.app, error));
  }
  app::Session session(program.flags);
  try {
    return program.action(session);
  } catch (const Stopped& stopped) {
    session.terminal.say_stopped(stopped);
  }
  app::end_by(app::stop_signal());
}

int run(const std::vector<std::string>& words) {
  app::Program program;
  describe_program(program.app);
  app::add_global_flags(program.app, program.flags);
#define MATCHER_ADD_COMMAND(name) app::add_##name(program);
  MATCHER_COMMANDS(MATCHER_ADD_COMMAND)
#undef MATCHER_ADD_COMMAND
  return parse_and_run(program, words);
}

/// True if the result is to be JSON: then the error is, too.
bool wants_json(const std::vector<std::string>& words) {
  const auto flag = std::ranges::find(words, "--format");
  const auto is_json = [](const std::string& format) { return format == "json" || format == "ndjson"; };
  return std::ranges::count(words, "--format=json") + std::ranges::count(words, "--format=ndjson") > 0 ||
         (words.end() - flag > 1 && is_json(flag[1]));
}

int fail(const report::CommandError& error, bool as_json) {
  app::write_error(as_json ? report::to_json_line(error) : fmt::format("matcher: error: {}", error.message));
  return int(error.code);
}

}  // namespace

int main(int argc, char** argv) {
  app::prepare_streams();
  app::catch_stop_signals();
  stop_blas_threads();
  bool as_json = false;
  try {
    const auto words = app::read_words(argc, argv);
    as_json = wants_json(words);
    return run(words);
  } catch (const std::exception&) {
    return fail(app::describe_exception(), as_json);
  }
}
