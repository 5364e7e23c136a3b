#include "matcher/pipeline/eval.hpp"

#include <fmt/format.h>

#include "eval_flags.hpp"
#include "flags.hpp"
#include "matcher/core/error.hpp"
#include "matcher/pipeline/page.hpp"
#include "matcher/report/tables/breakdown.hpp"

namespace matcher::app {

void add_eval_flags(CLI::App& command, EvalFlags& flags) {
  command.add_option("--dataset", flags.dataset, "Dataset name, dataset.yaml, CSV or folder");
  auto* ks = command.add_option("--k", flags.ks, "The k of top-k accuracy (default: 1,5,10), besides MRR and mAP")
                 ->delimiter(',')
                 ->allow_extra_args(false)
                 ->check(CLI::PositiveNumber);
  command
      .add_option("--metrics", flags.metrics,
                  "Metrics, for example top1,precision10,recall10,rprec,mrr,map,ndcg,ndcg10")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->excludes(ks);
  command.add_option("--depth", flags.depth, "Answers kept for each query (default: 100)")->check(CLI::PositiveNumber);
  command.add_option("--query-by", flags.query_by, "image, or text: look up what the text column says of each query")
      ->check(CLI::IsMember({"image", "text"}))
      ->capture_default_str();
  add_run_flags(command, flags.run);
  add_output_flags(command, flags.output);
  command.add_option("--views", flags.views, "Curves of matcher views --format json, to be drawn in the HTML page")
      ->delimiter(',')
      ->allow_extra_args(false);
}

bool is_html(const EvalFlags& flags) {
  const bool html = flags.output.format == "html";
  if (!html && !flags.views.empty())
    throw Error(ErrorCode::usage, "--views is drawn in the HTML page alone; add --format html");
  for (const auto& file : flags.views) {  // before anything is embedded
    if (std::filesystem::exists(file)) continue;
    throw Error(ErrorCode::input,
                fmt::format("--views {} is not there; make it with: matcher views --model M --dataset D "
                            "--format json --write-to {}",
                            file.string(), file.string()));
  }
  return html;
}

namespace {

std::vector<std::string> default_metrics(const std::vector<std::size_t>& ks) {
  std::vector<std::string> names;
  for (const auto k : ks) names.push_back(fmt::format("top{}", k));
  names.insert(names.end(), {"mrr", "map"});
  return names;
}

}  // namespace

pipeline::EvalOptions eval_options(const EvalFlags& flags, const config::Settings& settings) {
  pipeline::EvalOptions options;
  options.dataset = or_setting(flags.dataset, settings.dataset);
  options.metrics = flags.metrics.empty() ? default_metrics(flags.ks.empty() ? settings.ks : flags.ks) : flags.metrics;
  options.depth = flags.depth ? flags.depth : settings.depth;
  options.by_text = flags.query_by == "text";
  options.execution = run_options(flags.run, settings);
  return options;
}

namespace {

struct Flags {
  std::string model, index, output, fail_below, stored, by, resample = "query";
  std::vector<std::string> embeddings;
  std::optional<double> near_duplicate;
  bool no_loss = false;
  EvalFlags common;
};

int report_gates(Session& session, const pipeline::EvalResult& result) {
  for (const auto& sentence : result.failed_gates) session.terminal.log(LogLevel::error, "gate failed: " + sentence);
  return result.failed_gates.empty() ? 0 : int(ErrorCode::gate);
}

pipeline::EvalResult evaluate(Session& session, const Flags& flags) {
  auto options = eval_options(flags.common, session.settings);
  if (!flags.fail_below.empty()) options.fail_below = pipeline::parse_gates(flags.fail_below);
  options.resample = flags.resample;
  options.near_duplicate = flags.near_duplicate;
  options.split_loss = !flags.no_loss;
  if (!flags.stored.empty()) return pipeline::evaluate_stored(session.context, flags.stored, options);
  options.model = or_setting(flags.model, session.settings.model);
  options.embeddings.assign(flags.embeddings.begin(), flags.embeddings.end());
  options.index = flags.index;
  options.output = flags.output;
  auto result = pipeline::evaluate(session.context, options);
  session.terminal.log(LogLevel::info, fmt::format("the run is in {}", result.folder.string()));
  return result;
}

std::string text_of(const report::Report& report, const std::string& by, report::Format format) {
  if (format == report::Format::json) return report::to_json(report);
  return render(by.empty() ? report::table_of(report, format) : report::table_by(report, by, format), format);
}

std::string page_of(const pipeline::EvalResult& result, const Flags& flags) {
  report::Comparison alone;
  alone.baseline = result.report.model.name;
  alone.rows.push_back({result.report, {}, result.folder.string()});
  return report::to_html(pipeline::make_page(std::move(alone), {.views = flags.common.views}));
}

int run(Session& session, const Flags& flags) {
  const bool html = is_html(flags.common);
  const auto format = html ? report::Format::json : report::parse_format(flags.common.output.format);
  const auto result = evaluate(session, flags);
  write_output(flags.common.output, html ? page_of(result, flags) : text_of(result.report, flags.by, format));
  return report_gates(session, result);
}

/// A stored run is evaluated as it is: nothing that makes one goes with --run.
void add_stored_flag(CLI::App& command, Flags& flags) {
  auto* stored = command.add_option("--run", flags.stored,
                                    "Evaluate a stored run again, or any system's run.trec and qrels.trec in a folder");
  for (const char* other : {"--model", "--dataset", "--embeddings", "--index", "--output", "--depth", "--query-by",
                            "--device", "--precision", "--threads", "--batch-size", "--max-failures", "--no-loss"}) {
    stored->excludes(command.get_option(other));
  }
}

/// Sets are searched as they are: nothing that only makes one goes with --embeddings.
void add_sets_flag(CLI::App& command, Flags& flags) {
  auto* sets =
      command.add_option("--embeddings", flags.embeddings,
                         "Embedding sets of gallery and queries, taken as one, instead of --model and --dataset");
  for (const char* other : {"--model", "--dataset", "--query-by", "--precision", "--batch-size", "--max-failures"})
    sets->excludes(command.get_option(other));
}

}  // namespace

void add_eval(Program& program) {
  auto flags = std::make_shared<Flags>();
  auto& command = *program.app.add_subcommand("eval", "Measure how often a model finds the right product");
  command.add_option("--model", flags->model, "Model name, TorchScript file, or ensemble such as a:0.6+b:0.4");
  command.add_option("--index", flags->index,
                     "Answer with this index (a folder, or chroma://HOST/NAME, milvus://HOST/NAME), not exact search");
  command.add_option("--output", flags->output, "Folder of the run (default: in the work folder)");
  command.add_option("--fail-below", flags->fail_below, "End with exit code 6 below, for example top1=0.80,mrr=0.85");
  command.add_option("--by", flags->by, "A table by label or by category, or of the labels most often confused")
      ->check(CLI::IsMember({"label", "category", "confused"}));
  command
      .add_option("--resample", flags->resample,
                  "What is independent of each other: query, or label (all photos of a product as one)")
      ->check(CLI::IsMember({"query", "label"}))
      ->capture_default_str();
  command
      .add_option("--near-duplicate", flags->near_duplicate,
                  "Cosine from which on a gallery photo counts as a near-duplicate of the query (default: 0.98)")
      ->check(CLI::Range(-1.0, 1.0));
  command.add_flag("--no-loss", flags->no_loss,
                   "Do not search exactly beside an approximate index to tell what it loses");
  add_eval_flags(command, flags->common);
  add_sets_flag(command, *flags);
  add_stored_flag(command, *flags);
  command.footer(R"(
Examples:
  matcher eval --model mobilenet-v2 --dataset grocery-store
  matcher eval --model mobilenet-v2 --dataset grocery-store --fail-below top1=0.80 --format json --quiet
  matcher eval --model mobilenet-v2 --dataset grocery-store --index shelf
  matcher eval --embeddings work/embeddings/photos-all-dinov2-large.shard-*
  matcher eval --run matcher-work/runs/grocery-store-mobilenet-v2 --metrics ndcg10,rprec --by confused)");
  command.callback([&program, flags] { program.action = [flags](Session& s) { return run(s, *flags); }; });
}

}  // namespace matcher::app
