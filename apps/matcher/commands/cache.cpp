#include "matcher/store/cache.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>

#include "flags.hpp"
#include "matcher/core/error.hpp"
#include "matcher/core/units.hpp"

namespace matcher::app {
namespace {

struct Flags {
  bool prune = false;
  std::string max_size, unused_for, model;
  OutputFlags output;
};

std::string date_of(std::filesystem::file_time_type time) {
  const auto at = std::chrono::file_clock::to_sys(time);
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(at.time_since_epoch()).count();
  return fmt::format("{:%Y-%m-%d %H:%M:%S} UTC", fmt::gmtime(std::time_t(seconds)));
}

report::Table table_of(const std::vector<store::CacheUse>& uses) {
  report::Table table{{}, {"model", "precision", "device", "dim", "vectors", "size", "last used"}, {}, {}};
  std::uintmax_t bytes = 0;
  for (const auto& use : uses) {
    table.rows.push_back({use.model.name, use.model.precision, use.model.device, fmt::format("{}", use.model.dimension),
                          fmt::format("{}", use.vectors), human_bytes(use.bytes), date_of(use.last_used)});
    bytes += use.bytes;
  }
  table.notes.push_back(fmt::format("{} in all; matcher cache --prune removes what is not needed", human_bytes(bytes)));
  return table;
}

std::string json_of(const std::vector<store::CacheUse>& uses) {
  using json = nlohmann::ordered_json;
  json rows = json::array();
  for (const auto& use : uses) {
    const auto& k = use.model;
    rows.push_back({{"model", k.name},
                    {"fingerprint", k.fingerprint},
                    {"precision", k.precision},
                    {"device", k.device},
                    {"dimension", k.dimension},
                    {"vectors", use.vectors},
                    {"bytes", use.bytes},
                    {"folder", use.folder.string()},
                    {"last_used", date_of(use.last_used)}});
  }
  return json{{"schema", "matcher.cache/1"}, {"models", rows}}.dump(2) + '\n';
}

int prune(Session& session, const Flags& flags, const std::filesystem::path& root) {
  store::PruneOptions options{flags.model, {}, {}};
  if (!flags.max_size.empty()) options.max_bytes = parse_bytes(flags.max_size);
  if (!flags.unused_for.empty()) options.unused_for = parse_duration(flags.unused_for);
  if (flags.model.empty() && !options.max_bytes && !options.unused_for)
    throw Error(ErrorCode::usage,
                "--prune needs --model, --unused-for or --max-size, which say what is to go; see matcher cache --help");
  const auto pruned = store::prune_cache(root, options);
  if (!pruned.busy.empty()) {
    session.terminal.log(LogLevel::warning,
                         fmt::format("the vectors of {} are in use and were left; run the command again later",
                                     fmt::join(pruned.busy, ", ")));
  }
  fmt::print("{}: {} files of {} removed\n", root.string(), pruned.files, human_bytes(pruned.bytes));
  return 0;
}

int run(Session& session, const Flags& flags) {
  const auto root = pipeline::vector_cache(session.context);
  if (flags.prune) return prune(session, flags, root);
  const auto format = report::parse_format(flags.output.format);
  const auto uses = store::cache_uses(root);
  write_output(flags.output, format == report::Format::json ? json_of(uses) : report::render(table_of(uses), format));
  return 0;
}

}  // namespace

void add_cache(Program& program) {
  auto flags = std::make_shared<Flags>();
  auto& command =
      *program.app.add_subcommand("cache", "Show and prune the vectors that the work folder keeps by content");
  auto* prune = command.add_flag("--prune", flags->prune, "Remove what the other flags name");
  command.add_option("--model", flags->model, "Of this model alone")->needs(prune);
  command.add_option("--unused-for", flags->unused_for, "What was not used for so long, for example 30d")->needs(prune);
  command.add_option("--max-size", flags->max_size, "The least recently used, until so much is left, for example 2GiB")
      ->needs(prune);
  add_output_flags(command, flags->output);
  command.footer(R"(
Examples:
  matcher cache
  matcher cache --prune --unused-for 30d --max-size 20GiB
  matcher cache --prune --model dinov2-large

What a running command uses is never removed.)");
  command.callback([&program, flags] { program.action = [flags](Session& s) { return run(s, *flags); }; });
}

}  // namespace matcher::app
