#include "matcher/pipeline/compare.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "commands/commands.hpp"
#include "failure.hpp"
#include "flags/eval_flags.hpp"
#include "flags/gate_flags.hpp"
#include "matcher/core/error.hpp"
#include "matcher/files/file.hpp"
#include "matcher/files/output_place.hpp"
#include "matcher/pipeline/page.hpp"
#include "matcher/pipeline/promote.hpp"
#include "matcher/report/html.hpp"
#include "matcher/report/junit.hpp"
#include "matcher/report/summary.hpp"
#include "matcher/report/tables.hpp"

namespace matcher::app {
namespace {

struct Flags {
  std::vector<std::string> models, runs;
  std::string baseline, resample = "query", junit, summary, promote;
  std::string by, sort;
  std::vector<std::string> columns;
  std::optional<double> price_per_hour;
  bool changes = false, cost = false, only_common = false;
  GateFlags gate;
  EvalFlags common;
};

/// Without blanks around it: "A, B" names two models.
std::string trimmed(const std::string& name) {
  const auto first = name.find_first_not_of(' ');
  return first == std::string::npos ? "" : name.substr(first, name.find_last_not_of(' ') - first + 1);
}

pipeline::CompareOptions options_of(Session& session, const Flags& flags) {
  pipeline::CompareOptions options;
  for (const auto& model : flags.models) options.models.push_back(trimmed(model));
  options.cost = flags.cost;
  options.common = flags.only_common;
  options.price_per_hour = flags.price_per_hour;
  options.runs.assign(flags.runs.begin(), flags.runs.end());
  options.baseline = flags.baseline;
  options.resample = eval::parse_resample(flags.resample);
  options.gate = gate_options(flags.gate);
  if (!options.models.empty()) options.dataset = dataset_request(session, flags.common.dataset);
  options.settings = eval_settings(flags.common, session.settings);
  return options;
}

/// Appends, because the steps of a CI job share one summary file.
void append(const std::string& file, const std::string& text) {
  OutputFile out(file, OutputFile::Mode::resume);
  out.write(text);
  out.close();
}

void write_ci_files(const Flags& flags, const report::Comparison& comparison) {
  if (!flags.junit.empty()) write_atomically(flags.junit, report::to_junit(comparison, seconds_since_start()));
  if (!flags.summary.empty()) append(flags.summary, report::to_summary(comparison));
}

LogLevel level_of(eval::Verdict verdict) {
  if (verdict == eval::Verdict::pass) return LogLevel::info;
  return verdict == eval::Verdict::fail ? LogLevel::error : LogLevel::warning;
}

/// True if the printed result has the sentences of the gate.
bool prints_gate(const Flags& flags, report::Format format) {
  const bool has_notes = format == report::Format::table || format == report::Format::markdown;
  return has_notes && flags.common.output.file == "-" && flags.by.empty();
}

/// Logs the sentences that are not printed, and returns the exit code.
int report_gate(Session& session, const report::Comparison& comparison, bool is_printed) {
  if (!comparison.gate) return 0;
  for (const auto& line : report::lines(*comparison.gate))
    if (!is_printed) session.terminal.log(level_of(line.verdict), "gate: " + line.sentence);
  const auto verdict = comparison.gate->verdict();
  if (verdict == eval::Verdict::pass) return 0;
  return int(verdict == eval::Verdict::fail ? ErrorCode::gate : ErrorCode::undecided);
}

report::Table table_of(const report::Comparison& comparison, const Flags& flags, report::Format format) {
  if (!flags.by.empty()) return report::table_by(comparison, flags.by, format);
  std::vector<std::string> columns;
  for (const auto& column : flags.columns) columns.push_back(trimmed(column));
  return report::table_of(comparison, format, {.changes = flags.changes, .sort = flags.sort, .columns = columns});
}

void print(Session& session, const report::Comparison& comparison, const Flags& flags, report::Format format) {
  const auto& output = flags.common.output;
  if (format == report::Format::html)
    write_page(session, output, report::to_html(pipeline::make_page(comparison, {.views = flags.common.views})));
  else if (format == report::Format::json)
    write_output(output, report::to_json(comparison));
  else
    write_output(output, report::render(table_of(comparison, flags, format), format, screen_of(output)));
}

/// The comparison that the options lead to, without its numbers.
report::Comparison outline_of(const pipeline::CompareOptions& options) {
  report::Row baseline, other;
  auto& report = baseline.report;
  for (const auto& metric : options.settings.measure.metrics) report.metrics.emplace_back(metric, eval::Estimate());
  if (options.settings.speed) report.speed.trial.emplace();
  if (options.cost || options.price_per_hour) baseline.cost.emplace();
  if (options.price_per_hour) baseline.cost->price_per_million = 0;
  other = baseline;
  for (const auto& metric : options.settings.measure.metrics) other.gains.emplace_back(metric, eval::Gain());
  return {"", {std::move(baseline), std::move(other)}};
}

/// Checks --sort, --columns and --by before anything is embedded. Stored runs are read at once, so theirs are checked
/// with the table.
void check_view(const Flags& flags, const pipeline::CompareOptions& options, report::Format format) {
  const bool chosen = !flags.by.empty() || !flags.sort.empty() || !flags.columns.empty();
  if (format >= report::Format::json && chosen) {
    throw Error(ErrorCode::usage, fmt::format("--by, --sort and --columns are for tables, but --format is {}. Leave "
                                              "them out, or use --format table, markdown, csv or latex",
                                              flags.common.output.format));
  }
  if (options.models.empty()) return;
  if (options.price_per_hour && !options.settings.speed)
    throw Error(ErrorCode::usage, "--price-hour needs the measured speed of the models. Add --speed");
  eval::metrics(options.settings.measure.metrics);
  if (flags.by.empty()) table_of(outline_of(options), flags, format);
}

void check_places(const Flags& flags) {
  check_distinct({{"--write-to", flags.common.output.file}, {"--junit", flags.junit}, {"--summary", flags.summary}});
  for (const auto* file : {&flags.junit, &flags.summary})
    if (!file->empty()) check_outside_artefact(*file);
  if (!flags.junit.empty()) check_file_place(flags.junit);
  if (!flags.summary.empty()) check_append_place(flags.summary);
}

/// A promoted run replaces the reference, so it must be one run, and shown to be no worse.
void check_promotion(const Flags& flags, const pipeline::CompareOptions& options) {
  if (flags.promote.empty()) return;
  if (options.gate.empty() || flags.baseline.empty() || options.runs.size() + options.models.size() != 1) {
    throw Error(ErrorCode::usage,
                fmt::format("--promote {0} needs one run that passes a gate: matcher compare RUN --baseline {0} "
                            "--max-drop top1=0.01 --promote {0}. Make the first reference: matcher eval --model M "
                            "--dataset D --promote {0}",
                            flags.promote));
  }
  pipeline::check_reference(flags.promote);
}

/// Replaces the reference by the run that passed.
void promote_passed(Session& session, const Flags& flags, const report::Comparison& comparison) {
  if (flags.promote.empty()) return;
  const auto verdict = comparison.gate->verdict();
  if (verdict != eval::Verdict::pass)
    return session.terminal.log(LogLevel::warning,
                                fmt::format("not promoted: \"{}\" stays as it is, because the gate's verdict is {}",
                                            flags.promote, eval::name_of(verdict)));
  const auto& rows = comparison.rows;
  const auto passed = std::ranges::find_if(rows, [](const auto& row) { return !row.gains.empty(); });
  pipeline::promote(session.context, passed->run, flags.promote);
}

int compare(Session& session, const Flags& flags) {
  const auto format = output_format(flags.common);
  const auto options = options_of(session, flags);
  if (options.gate.empty() && !flags.junit.empty()) {
    throw Error(ErrorCode::usage,
                fmt::format("--junit {} needs a gate: add --max-drop, for example --max-drop top1=0.01", flags.junit));
  }
  check_view(flags, options, format);
  check_promotion(flags, options);
  const auto comparison = pipeline::compare(session.context, options);
  print(session, comparison, flags, format);
  write_ci_files(flags, comparison);
  promote_passed(session, flags, comparison);
  return report_gate(session, comparison, prints_gate(flags, format));
}

int run(Session& session, const Flags& flags) {
  check_places(flags);
  return with_junit(flags.junit, "matcher compare", [&] { return compare(session, flags); });
}

/// --by prints a table of its own, so it excludes what shapes the other one.
void add_table_flags(CLI::App& command, Flags& flags) {
  const auto add = options_of_group(command, group::output);
  auto* by = add("--by", flags.by, "Print top-1 of every model by label or category");
  by->check(one_of({"label", "category"}));
  add("--sort", flags.sort, "Order the models by this metric, e.g. map (default: the first metric)")->excludes(by);
  add("--columns", flags.columns, "Show these columns only, e.g. top1,gain,size")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->excludes(by);
  add("--price-hour", flags.price_per_hour,
      "Price of this machine per hour, e.g. 0.5: shows the price per million photos; needs --speed")
      ->check(number_between(0));
  add("--junit", flags.junit, "Write the verdicts, or the error, as JUnit XML to this file");
  add("--summary", flags.summary, "Append a Markdown summary to this file, e.g. $GITHUB_STEP_SUMMARY");
  add("--promote", flags.promote, "Replace the run in this folder by the compared run if the gate passes");
  const auto add_switch = [&](const char* name, bool& flag, const char* text) {
    return command.add_flag(name, flag, text)->group(group::output);
  };
  add_switch("--changes", flags.changes, "List the queries that are newly broken or newly fixed, below the table")
      ->excludes(by);
  add_switch("--cost", flags.cost, "Show bytes per vector, memory of 1 and 10 million, parameters and licence");
}

void add_model_flags(CLI::App& command, Flags& flags) {
  auto* models = command
                     .add_option("--models", flags.models,
                                 "Evaluate and compare these models, joined by commas; ensembles as a:0.6+b:0.4")
                     ->delimiter(',')
                     ->group(group::model);
  command.add_option("runs", flags.runs, "Folders of stored runs to compare, instead of --models")->excludes(models);
  command
      .add_option("--baseline", flags.baseline, "Compare the others with this model or run folder (default: the first)")
      ->group(group::model);
  command
      .add_flag("--common", flags.only_common,
                "Compare runs on the queries that all have, although the images of the dataset changed between them")
      ->group(group::model);
}

void add_flags(CLI::App& command, Flags& flags) {
  add_resample_flag(command, flags.resample);
  add_speed_flag(command, flags.common);
  add_gate_flags(command, flags.gate);
  add_table_flags(command, flags);
}

}  // namespace

void add_compare(Program& program) {
  auto flags = std::make_shared<Flags>();
  auto& command =
      program.add_command("compare", "Compare models, or stored runs, query by query in one table", flags, run);
  flags->common.dataset.columns_flag = "--csv-columns";
  add_model_flags(command, *flags);
  add_eval_flags(command, flags->common);
  add_flags(command, *flags);
  command.footer(R"(
Examples:
  matcher compare --models mobilenet-v2,mobilenet-v3-small,mobilenet-v2:0.6+mobilenet-v3-small:0.4 --dataset grocery-store
  matcher compare --models dinov2-base,dinov2-base@fast --dataset products
  matcher compare yesterday today --format json
  matcher compare tonight --baseline reference --max-drop top1=0.01 --junit gate.xml)");
}

}  // namespace matcher::app
