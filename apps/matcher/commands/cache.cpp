#include "matcher/pipeline/cache.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "commands/commands.hpp"
#include "flags/flags.hpp"
#include "matcher/core/error.hpp"
#include "matcher/core/units.hpp"
#include "matcher/report/tables.hpp"
#include "streams/streams.hpp"

namespace matcher::app {
namespace {

struct Flags {
  bool prune = false;
  std::string max_size, unused_for, model;
  OutputFlags output;
};

int prune(Session& session, const Flags& flags) {
  store::PruneOptions options{flags.model, {}, {}};
  if (!flags.max_size.empty()) options.max_bytes = parse_bytes(flags.max_size);
  if (!flags.unused_for.empty()) options.unused_for = parse_duration(flags.unused_for);
  if (flags.model.empty() && !options.max_bytes && !options.unused_for)
    throw Error(ErrorCode::usage,
                "--prune needs --model, --unused-for or --max-size, which choose the vectors to remove; see matcher "
                "cache --help");
  const auto pruned = pipeline::prune_cache(session.context, options);
  if (!pruned.busy.empty()) {
    session.terminal.log(LogLevel::warning,
                         fmt::format("kept the vectors of {}, which are in use; run the command again later",
                                     fmt::join(pruned.busy, ", ")));
  }
  print_line("{}: {} files of {} removed", pipeline::vector_cache(session.context).string(), pruned.files,
             human_bytes(pruned.bytes));
  return 0;
}

int run(Session& session, const Flags& flags) {
  if (flags.prune) return prune(session, flags);
  const auto format = output_format(flags.output);
  write_output(flags.output, report::print(pipeline::list_cache(session.context), format, screen_of(flags.output)));
  return 0;
}

}  // namespace

void add_cache(Program& program) {
  auto flags = std::make_shared<Flags>();
  auto& command = program.add_command("cache", "Show or prune the cached vectors of the work folder", flags, run);
  auto* prune =
      command.add_flag("--prune", flags->prune, "Remove the vectors that the flags below choose")->group(group::input);
  const auto add = [&](const char* name, std::string& value, const char* text) {
    command.add_option(name, value, text)->needs(prune)->group(group::input);
  };
  add("--model", flags->model, "Remove only vectors of this model");
  add("--unused-for", flags->unused_for, "Remove vectors not used for this long, e.g. 30d");
  add("--max-size", flags->max_size, "Remove the least recently used vectors until the rest is this small, e.g. 2GiB");
  add_output_flags(command, flags->output);
  command.footer(R"(
Examples:
  matcher cache
  matcher cache --prune --unused-for 30d --max-size 20GiB
  matcher cache --prune --model dinov2-large

Vectors that another command is using are never removed.)");
}

}  // namespace matcher::app
