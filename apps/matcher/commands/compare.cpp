#include "matcher/pipeline/compare.hpp"

#include <fmt/format.h>

#include "eval_flags.hpp"
#include "flags.hpp"
#include "matcher/core/error.hpp"
#include "matcher/core/file.hpp"
#include "matcher/pipeline/page.hpp"

namespace matcher::app {
namespace {

struct Flags {
  std::vector<std::string> models, runs;
  std::string baseline, resample = "query", max_drop, max_drop_label, junit, summary;
  EvalFlags common;
};

pipeline::CompareOptions options_of(const Session& session, const Flags& flags) {
  pipeline::CompareOptions options;
  options.models = flags.models;
  options.runs.assign(flags.runs.begin(), flags.runs.end());
  options.baseline = flags.baseline;
  options.resample = flags.resample;
  if (!flags.max_drop.empty()) options.gate.max_drop = run::parse_margins(flags.max_drop, "--max-drop");
  if (!flags.max_drop_label.empty())
    options.gate.max_drop_label = run::parse_margins(flags.max_drop_label, "--max-drop-label");
  options.eval = eval_options(flags.common, session.settings);
  return options;
}

/// Summaries of several commands may go to one file, as those of a CI job do.
void append(const std::string& file, const std::string& text) {
  OutputFile out(file, OutputFile::Mode::resume);
  out.write(text);
  out.close();
}

void write_ci_files(const Flags& flags, const report::Comparison& comparison) {
  if (!flags.junit.empty()) write_atomically(flags.junit, report::to_junit(comparison));
  if (!flags.summary.empty()) append(flags.summary, report::to_summary(comparison));
}

int report_gate(Session& session, const report::Comparison& comparison) {
  if (!comparison.gate) return 0;
  const auto verdict = comparison.gate->verdict();
  const auto level = verdict == eval::Verdict::pass ? LogLevel::info : LogLevel::error;
  for (const auto& sentence : report::sentences(*comparison.gate)) session.terminal.log(level, "gate: " + sentence);
  if (verdict == eval::Verdict::pass) return 0;
  return int(verdict == eval::Verdict::fail ? ErrorCode::gate : ErrorCode::undecided);
}

std::string text_of(const report::Comparison& comparison, const Flags& flags, report::Format format) {
  if (is_html(flags.common)) return report::to_html(pipeline::make_page(comparison, {.views = flags.common.views}));
  if (format == report::Format::json) return report::to_json(comparison);
  return report::render(report::table_of(comparison, format), format);
}

int run(Session& session, const Flags& flags) {
  const auto format = is_html(flags.common) ? report::Format::json : report::parse_format(flags.common.output.format);
  const auto options = options_of(session, flags);
  if (options.gate.empty() && !flags.junit.empty()) {
    throw Error(ErrorCode::usage,
                fmt::format("--junit {} has no gate to tell of; add --max-drop, for example top1=0.01", flags.junit));
  }
  const auto comparison = pipeline::compare(session.context, options);
  write_output(flags.common.output, text_of(comparison, flags, format));
  write_ci_files(flags, comparison);
  return report_gate(session, comparison);
}

}  // namespace

void add_compare(Program& program) {
  auto flags = std::make_shared<Flags>();
  auto& command = *program.app.add_subcommand("compare", "Compare models, or stored runs, query by query in one table");
  auto* models =
      command.add_option("--models", flags->models, "Models to evaluate, joined by commas; ensembles as a:0.6+b:0.4")
          ->delimiter(',');
  command.add_option("runs", flags->runs, "Folders of runs, instead of --models")->excludes(models);
  command.add_option("--baseline", flags->baseline,
                     "What gains are counted from: a compared model, or the folder of any run (default: the first)");
  command
      .add_option("--resample", flags->resample,
                  "What is independent of each other: query, or label (all photos of a product as one)")
      ->check(CLI::IsMember({"query", "label"}))
      ->capture_default_str();
  command.add_option("--max-drop", flags->max_drop,
                     "How far a metric may fall below the baseline, for example top1=0.01,mrr=0.02; "
                     "ends with 0 (shown to be within), 6 (shown to be beyond) or 7 (the queries cannot decide)");
  command.add_option("--max-drop-label", flags->max_drop_label,
                     "The same for every label, for example top1=0.10; ends with 6 when one is beyond");
  command.add_option("--junit", flags->junit, "Write the verdicts as JUnit XML to this file");
  command.add_option("--summary", flags->summary,
                     "Append a Markdown summary to this file, for example $GITHUB_STEP_SUMMARY");
  add_eval_flags(command, flags->common);
  command.footer(R"(
Examples:
  matcher compare --models mobilenet-v2,mobilenet-v3-small,mobilenet-v2:0.6+mobilenet-v3-small:0.4 --dataset grocery-store
  matcher compare yesterday today --format json
  matcher compare tonight --baseline reference --max-drop top1=0.01 --junit gate.xml)");
  command.callback([&program, flags] { program.action = [flags](Session& s) { return run(s, *flags); }; });
}

}  // namespace matcher::app
