#include "matcher/pipeline/threshold.hpp"

#include <fmt/format.h>

#include "commands/commands.hpp"
#include "flags/flags.hpp"
#include "matcher/core/error.hpp"
#include "matcher/report/html.hpp"
#include "matcher/report/tables.hpp"

namespace matcher::app {
namespace {

struct Flags {
  DatasetFlags dataset;
  std::string index, model, unknown = "auto", score = "cosine";
  double false_alarms = 0.01;
  double min_answered = 0.5;
  bool dry_run = false, store = false, clear = false;
  RunFlags run;
  OutputFlags output;
};

pipeline::Storing storing(const Flags& flags) {
  if (flags.dry_run) return pipeline::Storing::never;
  return flags.store ? pipeline::Storing::always : pipeline::Storing::if_enough;
}

pipeline::ThresholdOptions threshold_options(const Flags& flags, const config::Settings& settings) {
  pipeline::ThresholdOptions options;
  options.index = flags.index;
  options.model = flags.model;
  options.dataset = named_dataset(flags.dataset);
  options.false_alarms = flags.false_alarms;
  options.unknown = pipeline::parse_unknown_queries(flags.unknown);
  options.score = parse_score_kind(flags.score);
  options.storing = storing(flags);
  options.min_answered = flags.min_answered;
  options.execution = run_options(flags.run, settings);
  return options;
}

/// Reports whether the threshold was stored; returns the exit code.
int report_storing(Session& session, const Flags& flags, const pipeline::ThresholdResult& result) {
  if (flags.dry_run) return 0;
  if (result.stored) {
    session.terminal.log(LogLevel::info,
                         fmt::format("the threshold is stored in {}; matcher query applies it", flags.index));
    return 0;
  }
  session.terminal.log(
      LogLevel::error,
      fmt::format(
          "the threshold is not stored: with it, {:.1f} % of the queries of catalogue products get the correct answer, "
          "below --min-answered ({:g} %). Raise --false-alarms above {:g}, or store it anyway with --store",
          100 * result.detection.detected.value, 100 * flags.min_answered, flags.false_alarms));
  return int(ErrorCode::undecided);
}

int clear(Session& session, const Flags& flags) {
  const bool removed = pipeline::clear_threshold(session.context, flags.index);
  session.terminal.log(LogLevel::info, fmt::format("index \"{}\" {}", flags.index,
                                                   removed ? "has no threshold any more" : "has no threshold"));
  return 0;
}

int run(Session& session, const Flags& flags) {
  if (flags.clear) return clear(session, flags);
  const auto format = output_format(flags.output);
  const auto result = pipeline::find_threshold(session.context, threshold_options(flags, session.settings));
  write_result(session, flags.output, format, result.detection, [&] { return report::to_html(result.detection); });
  return report_storing(session, flags, result);
}

void add_flags(CLI::App& command, Flags& flags) {
  command.add_option("--index", flags.index, "Search this folder of an index, and store the threshold in it")
      ->required()
      ->group(group::search);
  add_dataset_flags(command, flags.dataset, "Take the queries of this dataset (default: the one of the index)",
                    Sides::queries);
  command
      .add_option(
          "--unknown", flags.unknown,
          "Use as queries of unknown products: real ones, left-out (each query, its own product removed) or auto")
      ->check(one_of({"auto", "real", "left-out"}))
      ->capture_default_str()
      ->group(group::input);
  command
      .add_option("--model", flags.model, "Embed the queries with this model (default: the one that built the index)")
      ->group(group::model);
  command
      .add_option("--false-alarms", flags.false_alarms,
                  "Share of the queries of unknown products that may get an answer")
      ->check(number_between(0, 1))
      ->capture_default_str()
      ->group(group::search);
  command
      .add_option("--score", flags.score,
                  "Compare this with the threshold: cosine of the best answer, or its margin over the second product")
      ->check(one_of({"cosine", "margin"}))
      ->capture_default_str()
      ->group(group::search);
  command
      .add_option("--min-answered", flags.min_answered,
                  "Store no threshold that gives fewer queries of catalogue products the correct answer; exit code 7")
      ->check(number_between(0, 1))
      ->capture_default_str()
      ->group(group::gate);
  auto* store =
      command.add_flag("--store", flags.store, "Store the threshold even if it answers less than --min-answered")
          ->group(group::output);
  auto* dry_run =
      command.add_flag("--dry-run", flags.dry_run, "Measure, but do not store the threshold")->group(group::output);
  command.add_flag("--clear", flags.clear, "Remove the stored threshold, and measure nothing")
      ->excludes(store, dry_run)
      ->group(group::output);
  dry_run->excludes(store);
}

}  // namespace

void add_threshold(Program& program) {
  auto flags = std::make_shared<Flags>();
  auto& command =
      program.add_command("threshold", "Find the score below which an answer should not be trusted", flags, run);
  add_flags(command, *flags);
  add_run_flags(command, flags->run);
  add_output_flags(command, flags->output, Formats::tables_and_page);
  command.footer(R"(
Examples:
  matcher threshold --index shelf --dataset grocery-store --false-alarms 0.01
  matcher query --index shelf photo.jpg

matcher query prints "no match" below the stored threshold.)");
}

}  // namespace matcher::app
