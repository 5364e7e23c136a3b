#include "matcher/pipeline/eval.hpp"

#include <fmt/format.h>

#include "commands/commands.hpp"
#include "failure.hpp"
#include "flags/eval_flags.hpp"
#include "matcher/core/error.hpp"
#include "matcher/files/atomic_folder.hpp"
#include "matcher/files/file.hpp"
#include "matcher/files/output_place.hpp"
#include "matcher/files/paths.hpp"
#include "matcher/pipeline/page.hpp"
#include "matcher/pipeline/promote.hpp"
#include "matcher/report/html.hpp"
#include "matcher/report/junit.hpp"
#include "matcher/report/tables.hpp"

namespace matcher::app {
namespace {

struct Flags {
  std::string model, index, output, promote, junit, fail_below, stored, by, resample = "query";
  std::vector<std::string> embeddings;
  std::optional<double> near_duplicate;
  bool no_loss = false;
  EvalFlags common;
};

int report_limits(Session& session, const pipeline::EvalResult& result) {
  for (const auto& sentence : result.failed_limits) session.terminal.log(LogLevel::error, "gate failed: " + sentence);
  return result.failed_limits.empty() ? 0 : int(ErrorCode::gate);
}

void check_promotion(const Flags& flags) {
  if (flags.promote.empty()) return;
  pipeline::check_reference(flags.promote);
  const auto place = [](const std::string& folder) { return place_of(absolute_path(folder)); };
  if (place(flags.promote) != place(flags.output.empty() ? flags.stored : flags.output)) return;
  throw Error(ErrorCode::usage, fmt::format("--promote {} names the folder of the run itself. Give the reference "
                                            "another folder",
                                            flags.promote));
}

/// Makes the run the reference if there is none yet. An existing reference is replaced only after a gate.
void promote_first(Session& session, const Flags& flags, const pipeline::EvalResult& result) {
  if (flags.promote.empty()) return;
  const auto& run = result.run.folder;
  if (!result.failed_limits.empty())
    return session.terminal.log(LogLevel::warning, fmt::format("not promoted: \"{}\" stays as it is, because a metric "
                                                               "is below --fail-below",
                                                               flags.promote));
  if (!pipeline::check_reference(flags.promote)) return pipeline::promote(session.context, run, flags.promote);
  session.terminal.log(LogLevel::info,
                       fmt::format("\"{0}\" has a run already and stays as it is. Replace it after a gate: matcher "
                                   "compare {1} --baseline {0} --max-drop top1=0.01 --promote {0}",
                                   flags.promote, run.string()));
}

pipeline::EvalResult evaluate(Session& session, const Flags& flags) {
  pipeline::EvalOptions options;
  options.settings = eval_settings(flags.common, session.settings);
  options.settings.measure.resample = eval::parse_resample(flags.resample);
  options.settings.measure.near_duplicate = flags.near_duplicate;
  options.settings.split_loss = !flags.no_loss;
  if (!flags.fail_below.empty()) options.fail_below = run::parse_limits(flags.fail_below, "--fail-below");
  if (!flags.stored.empty()) {
    return pipeline::evaluate_stored(session.context, flags.stored, options.settings.measure, options.fail_below);
  }
  if (flags.embeddings.empty()) {
    options.model = session.model(flags.model);
    options.dataset = dataset_request(session, flags.common.dataset);
  }
  options.embeddings.assign(flags.embeddings.begin(), flags.embeddings.end());
  options.index = flags.index;
  options.output = flags.output;
  auto result = pipeline::evaluate(session.context, options);
  session.terminal.log(LogLevel::info, fmt::format("the run is in {}", result.run.folder.string()));
  return result;
}

std::string text_of(const report::Report& report, const Flags& flags, report::Format format) {
  const auto screen = screen_of(flags.common.output);
  if (flags.by.empty() || format == report::Format::json) return report::print(report, format, screen);
  return report::render(report::table_by(report, flags.by, format), format, screen);
}

void print(Session& session, const report::Report& report, const std::filesystem::path& run, const Flags& flags,
           report::Format format) {
  const auto& output = flags.common.output;
  if (format != report::Format::html) return write_output(output, text_of(report, flags, format));
  write_page(session, output, report::to_html(pipeline::make_page(report, run, {.views = flags.common.views})));
}

void write_junit(const Flags& flags, const report::Report& report) {
  if (flags.junit.empty()) return;
  std::vector<report::LeastValue> limits;
  if (!flags.fail_below.empty()) {
    for (const auto& limit : run::parse_limits(flags.fail_below, "--fail-below"))
      limits.push_back({limit.metric, limit.value});
  }
  write_atomically(flags.junit, report::to_junit(report, limits, seconds_since_start()));
}

int evaluate_and_print(Session& session, const Flags& flags) {
  const auto format = output_format(flags.common);
  check_promotion(flags);
  const auto result = evaluate(session, flags);
  print(session, result.run.report, result.run.folder, flags, format);
  write_junit(flags, result.run.report);
  promote_first(session, flags, result);
  return report_limits(session, result);
}

int run(Session& session, const Flags& flags) {
  check_distinct({{"--write-to", flags.common.output.file}, {"--junit", flags.junit}});
  if (!flags.junit.empty()) {
    check_outside_artefact(flags.junit);
    check_file_place(flags.junit);
  }
  return with_junit(flags.junit, "matcher eval", [&] { return evaluate_and_print(session, flags); });
}

/// A stored run is evaluated as it is, so --run excludes every flag that makes a run.
void add_stored_flag(CLI::App& command, Flags& flags) {
  auto* stored =
      command.add_option("--run", flags.stored, "Evaluate this stored run, or folder with run.trec and qrels.trec")
          ->group(group::input);
  for (const char* other : {"--model",    "--dataset",       "--csv-columns",  "--crop-margin", "--fold-labels",
                            "--hold-out", "--leave-one-out", "--embeddings",   "--index",       "--output",
                            "--depth",    "--query-by",      "--device",       "--precision",   "--decode",
                            "--threads",  "--batch-size",    "--max-failures", "--no-loss",     "--speed"}) {
    stored->excludes(command.get_option(other));
  }
}

/// Sets are searched as they are, so --embeddings excludes the flags that only make sets.
void add_sets_flag(CLI::App& command, Flags& flags) {
  auto* sets = command
                   .add_option("--embeddings", flags.embeddings,
                               "Join these embedding sets of gallery and queries, instead of --model and --dataset")
                   ->group(group::input);
  for (const char* other :
       {"--model", "--dataset", "--csv-columns", "--crop-margin", "--fold-labels", "--hold-out", "--leave-one-out",
        "--query-by", "--precision", "--decode", "--batch-size", "--max-failures", "--speed"})
    sets->excludes(command.get_option(other));
}

void add_model_flag(CLI::App& command, Flags& flags) {
  command.add_option("--model", flags.model, "Use this model: a name, a TorchScript file, or an ensemble a:0.6+b:0.4")
      ->group(group::model);
}

void add_flags(CLI::App& command, Flags& flags) {
  options_of_group(command, group::search)(
      "--index", flags.index,
      "Search this index (a folder, chroma://HOST/NAME or milvus://HOST/NAME) instead of exactly");
  command.add_flag("--no-loss", flags.no_loss, "Skip the exact search that measures how much accuracy the index costs")
      ->group(group::search);
  const auto add_output = options_of_group(command, group::output);
  add_output("--output", flags.output, "Write the run to this folder (default: in the work folder)");
  add_output("--promote", flags.promote,
             "Copy the run to this folder if it has none yet: the reference of later nights");
  add_output("--junit", flags.junit, "Write the result, or the error, as JUnit XML to this file");
  add_output("--by", flags.by, "Print a table by label or category, or of the most confused labels")
      ->check(one_of({"label", "category", "confused"}));
  options_of_group(command, group::gate)("--fail-below", flags.fail_below,
                                         "Exit with code 6 if a metric is below its limit, e.g. top1=0.80,mrr=0.85");
  add_resample_flag(command, flags.resample);
  add_speed_flag(command, flags.common);
  options_of_group(command, group::metrics)(
      "--near-duplicate", flags.near_duplicate,
      "Report test photos whose nearest catalogue photo is at least this similar, as a cosine (default: 0.98)")
      ->check(number_between(-1, 1));
}

}  // namespace

void add_eval(Program& program) {
  auto flags = std::make_shared<Flags>();
  auto& command = program.add_command("eval", "Measure how often a model finds the right product", flags, run);
  add_model_flag(command, *flags);
  add_eval_flags(command, flags->common);
  add_flags(command, *flags);
  add_sets_flag(command, *flags);
  add_stored_flag(command, *flags);
  command.footer(R"(
Examples:
  matcher eval --model mobilenet-v2 --dataset grocery-store
  matcher eval --model mobilenet-v2 --dataset grocery-store --fail-below top1=0.80 --format json --quiet
  matcher eval --model mobilenet-v2 --dataset grocery-store --index shelf
  matcher eval --embeddings work/embeddings/photos-all-dinov2-large.shard-*
  matcher eval --run matcher-work/runs/grocery-store-mobilenet-v2 --metrics ndcg10,rprec --by confused)");
}

}  // namespace matcher::app
