#include "matcher/pipeline/trend.hpp"

#include <fmt/format.h>

#include "commands/commands.hpp"
#include "flags/eval_flags.hpp"
#include "matcher/core/error.hpp"
#include "matcher/eval/metrics.hpp"
#include "matcher/report/html.hpp"
#include "matcher/report/tables.hpp"

namespace matcher::app {
namespace {

struct Flags {
  std::vector<std::string> runs;
  std::string baseline, metric, max_drop, resample = "query";
  OutputFlags output;
};

run::TrendOptions options_of(const Flags& flags) {
  run::TrendOptions options{.metric = flags.metric, .max_drop = {}, .resample = eval::parse_resample(flags.resample)};
  if (!flags.metric.empty()) eval::metric(flags.metric);
  if (flags.max_drop.empty()) return options;
  const auto limits = run::parse_limits(flags.max_drop, "--max-drop");
  if (limits.size() > 1) {
    throw Error(ErrorCode::usage, fmt::format("trend follows one metric, but --max-drop {} names {}; give one of them",
                                              flags.max_drop, limits.size()));
  }
  options.max_drop = limits[0];
  return options;
}

/// With a limit, the newest run decides, as a gate does.
int exit_code(const report::Trend& trend) {
  if (!trend.max_drop || trend.nights.empty()) return 0;
  const auto verdict = trend.nights.back().verdict;
  if (verdict == eval::Verdict::pass) return 0;
  return int(verdict == eval::Verdict::fail ? ErrorCode::gate : ErrorCode::undecided);
}

int run(Session& session, const Flags& flags) {
  const auto format = output_format(flags.output);
  const auto trend =
      pipeline::trend(session.context, {flags.runs.begin(), flags.runs.end()}, flags.baseline, options_of(flags));
  write_result(session, flags.output, format, trend, [&] { return report::to_html(trend); });
  return exit_code(trend);
}

}  // namespace

void add_trend(Program& program) {
  auto flags = std::make_shared<Flags>();
  auto& command =
      program.add_command("trend", "Follow a metric over stored runs, and name the first bad one", flags, run);
  command.add_option("runs", flags->runs, "Folders of stored runs")->required();
  command.add_option("--baseline", flags->baseline, "Compare the runs with this one, a folder (default: the oldest)")
      ->group(group::model);
  auto* metric = command.add_option("--metric", flags->metric, "Follow this metric, e.g. map (default: the first one)")
                     ->group(group::metrics);
  add_resample_flag(command, flags->resample);
  command
      .add_option(
          "--max-drop", flags->max_drop,
          "Largest allowed drop, e.g. top1=0.01; exit code of the newest run: 6: larger, 7: too few photos to tell")
      ->group(group::gate)
      ->excludes(metric);
  add_output_flags(command, flags->output, Formats::tables_and_page);
  command.footer(R"(
Examples:
  matcher trend nights/*
  matcher trend nights/* --baseline reference --max-drop top1=0.01 --format html --write-to trend.html)");
}

}  // namespace matcher::app
