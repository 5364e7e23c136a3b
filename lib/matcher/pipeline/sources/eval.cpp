#include "matcher/pipeline/eval.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <set>

#include "matcher/core/error.hpp"
#include "matcher/core/names.hpp"
#include "matcher/files/file.hpp"
#include "matcher/files/hash.hpp"
#include "matcher/pipeline/measuring/loss.hpp"
#include "matcher/pipeline/measuring/speed_trial.hpp"
#include "matcher/pipeline/measuring/timing.hpp"
#include "matcher/pipeline/search/answer.hpp"
#include "matcher/pipeline/search/labels.hpp"
#include "matcher/pipeline/search/learnt_on.hpp"
#include "matcher/pipeline/search/query_columns.hpp"
#include "matcher/pipeline/search/refined_index.hpp"
#include "matcher/pipeline/search/sides.hpp"
#include "matcher/pipeline/search/stored_runs.hpp"
#include "matcher/run/near_duplicates.hpp"
#include "matcher/run/run_folder.hpp"

namespace matcher::pipeline {
namespace {

constexpr double default_near_duplicate = 0.98;

using Metrics = std::vector<eval::Metric>;

/// The metric that looks at the most answers, if it looks at more than `depth`.
const eval::Metric* deeper_than(const Metrics& metrics, std::size_t depth) {
  const auto deepest = std::ranges::max_element(metrics, {}, &eval::Metric::k);
  return deepest != metrics.end() && deepest->k > depth ? &*deepest : nullptr;
}

void check_options(const EvalOptions& options, const Metrics& metrics) {
  const auto depth = options.settings.depth;
  if (const auto* metric = deeper_than(metrics, depth)) {
    throw Error(ErrorCode::usage, fmt::format("--depth {} keeps too few answers for {}; use --depth {} or more", depth,
                                              metric->name, metric->k));
  }
  if (options.settings.speed && (!options.embeddings.empty() || options.settings.by_text)) {
    throw Error(ErrorCode::usage,
                "--speed embeds images of a dataset: give --model and --dataset, and leave out "
                "--embeddings and --query-by text");
  }
  run::check_limits(options.fail_below, options.settings.measure.metrics, "--fail-below");
  if (!options.output.empty()) run::RunFolder::check_replaceable(options.output);
}

/// Loads both sides, and checks that they belong together.
Sides load(const Context& context, const EvalOptions& options) {
  const auto& settings = options.settings;
  auto sides = load_sides(context, {options.model, options.dataset, options.embeddings, options.index, settings.by_text,
                                    settings.execution, settings.slices});
  if (sides.gallery.stored) check_belongs(*sides.gallery.stored, sides.queries.manifest.model);
  check_labels(context.observer, sides.gallery.gallery().items, sides.queries.items, sides.name);
  return sides;
}

/// An imported vector has neither a path nor a text.
report::QueryKind kind_of(const std::vector<store::ItemRow>& queries) {
  const auto all = std::ptrdiff_t(queries.size());
  const auto without_path = std::ranges::count_if(queries, [](const auto& item) { return item.path.empty(); });
  const auto texts = std::ranges::count_if(queries, [](const auto& item) { return !item.text.empty(); });
  if (without_path == 0) return report::QueryKind::image;
  return without_path == all && texts == all ? report::QueryKind::text : report::QueryKind::any;
}

report::Data describe_data(const Sides& sides, std::size_t self_matches) {
  const auto& side = sides.gallery;
  std::set<std::string> labels;
  for (const auto& item : side.gallery().items) labels.insert(item.label);
  report::Data d;
  d.name = sides.name;
  d.fingerprint = Hasher().field(side.fingerprint()).field(sides.queries.manifest.data.fingerprint).hex();
  d.protocol = sides.data.protocol;
  d.queries_are = kind_of(sides.queries.items);
  d.gallery = side.gallery().items.size();
  d.queries = sides.queries.items.size();
  d.labels = labels.size();
  d.gallery_failures = side.failures();
  d.query_failures = sides.queries.failures;
  d.self_matches = self_matches;
  return d;
}

run::Run make_run(const Sides& sides, Answers answers, const EvalSettings& settings) {
  run::Run run;
  run.report.model = sides.queries.manifest.model;
  run.report.model.name = sides.model.name;
  run.report.dataset = describe_data(sides, answers.self_matches);
  run.report.index = sides.gallery.stored ? sides.gallery.stored->manifest.type : "exact";
  run.report.depth = settings.depth;
  run.report.resample = settings.measure.resample;
  run.label_names = sides.data.label_names;
  run.queries = std::move(answers.queries);
  run.cosines = keeps_cosines(sides.model.steps);
  add_columns(sides.queries.items, sides.data.queries, run);
  return run;
}

/// A gallery vector that was combined with a query's own photo finds it more easily.
void warn_of_mixed(Observer& observer, const Sides& sides, const Answers& answers) {
  for (const auto& given : sides.model.steps) {
    if (given.step->stage != refine::Stage::gallery || given.step->combine == nullptr || answers.self_matches == 0)
      continue;
    observer.log(
        LogLevel::warning,
        fmt::format("step {} combined gallery vectors with photos that are queries themselves ({} such photos): "
                    "these queries are answered too well. Use queries that are not in the gallery",
                    refine::to_string(given), answers.self_matches));
  }
}

/// Answers all queries; measure() completes the report of the run.
run::Run answer(const Context& context, const EvalSettings& settings, const Sides& sides) {
  auto answers = answer_all(sides.gallery.gallery(), sides.queries, settings.depth);
  warn_of_mixed(context.observer, sides, answers);
  auto run = make_run(sides, std::move(answers), settings);
  run.report.learnt_on = report_learning(context, sides.model, sides.queries.items);
  return run;
}

/// Splits the loss of each metric by its cause; empty if the index cannot be compared with exact search.
report::Losses measure_losses(const Context& context, const EvalSettings& settings, const Sides& sides,
                              const run::Run& run, const Metrics& metrics) {
  const auto gallery = sides.gallery.gallery();
  if (gallery.index->exact()) return split_loss(run.queries, metrics);
  if (!settings.split_loss) return {};
  const auto vectors = load_indexed_vectors(context, sides, settings.execution);
  if (!vectors) return {};
  return split_loss(run.queries, gallery, *vectors, sides.queries, settings.depth, metrics);
}

report::Speed measure_speed(const Context& context, const EvalSettings& settings, const Sides& sides) {
  const auto [p50, p95] = search_times(*sides.gallery.gallery().index, sides.queries.unit.view());
  report::Speed speed{sides.queries.manifest.images_per_second, p50, p95};
  if (settings.speed) speed.trial = try_speed(context, sides, settings.execution);
  return speed;
}

/// R-precision looks at as many answers as there are right ones, so its depth is known only afterwards.
void warn_of_cut(Observer& observer, const run::Run& run, const Metrics& metrics) {
  if (!std::ranges::count(metrics, "rprec", &eval::Metric::name)) return;
  const auto depth = run.report.depth;
  const auto cut = std::ranges::count_if(run.queries, [&](const auto& query) { return query.relevant > depth; });
  if (cut == 0) return;
  observer.log(LogLevel::warning,
               fmt::format("rprec is too low: {} of {} queries have more right answers than the {} that are kept per "
                           "query; evaluate with a larger --depth",
                           cut, run.queries.size(), depth));
}

void measure(const Context& context, const EvalSettings& settings, const Sides& sides, const Metrics& metrics,
             run::Run& run) {
  run::measure(run, metrics);
  run.report.losses = measure_losses(context, settings, sides, run, metrics);
  if (run.cosines) {
    const auto limit = settings.measure.near_duplicate.value_or(default_near_duplicate);
    run.report.near_duplicates = run::find_near_duplicates(run, limit, metrics);
  }
  warn_of_cut(context.observer, run, metrics);
  run.report.speed = measure_speed(context, settings, sides);
}

fs::path output_folder(const Context& context, const EvalOptions& options, const Sides& sides) {
  if (!options.output.empty()) return options.output;
  const auto& rule = options.dataset.hold_out.text;
  const auto held_out = rule.empty() ? "" : fmt::format("-hold-out-{}", rule);
  return context.workdir / "runs" / file_name_of(fmt::format("{}{}-{}", sides.name, held_out, sides.model.name));
}

/// Files of TREC have neither labels nor cosines.
void check_measurable(const run::Run& run, const MeasureSettings& settings) {
  const auto no_label = [](const run::RankedQuery& query) { return query.label.empty(); };
  if (settings.resample == eval::Resample::label && std::ranges::all_of(run.queries, no_label)) {
    throw Error(ErrorCode::usage, fmt::format("--resample label needs the labels of the queries, which \"{}\" does not "
                                              "contain; leave --resample out",
                                              run.folder.string()));
  }
  if (settings.near_duplicate && !run.cosines) {
    throw Error(ErrorCode::usage,
                fmt::format("--near-duplicate {} needs cosines, but the scores of \"{}\" may be others; leave "
                            "--near-duplicate out",
                            *settings.near_duplicate, run.folder.string()));
  }
}

void warn_of_depth(Observer& observer, const run::Run& run, const Metrics& metrics) {
  if (const auto* metric = deeper_than(metrics, run.report.depth)) {
    observer.log(LogLevel::warning, fmt::format("\"{}\" holds at most {} answers per query, so {} counts only these",
                                                run.folder.string(), run.report.depth, metric->name));
  }
}

}  // namespace

EvalResult evaluate(const Context& context, const EvalOptions& options) {
  const auto metrics = eval::metrics(options.settings.measure.metrics);
  check_options(options, metrics);
  const auto start = std::chrono::steady_clock::now();
  const auto sides = load(context, options);
  auto run = answer(context, options.settings, sides);
  measure(context, options.settings, sides, metrics, run);
  run.folder = output_folder(context, options, sides);
  run.made = made_since(start);
  run::RunFolder::write(run.folder, run);
  auto failed = run::failed_limits(run.report.metrics, options.fail_below);
  return {std::move(run), std::move(failed)};
}

EvalResult evaluate_stored(const Context& context, const fs::path& folder, const MeasureSettings& settings,
                           const std::vector<run::MetricLimit>& fail_below) {
  const auto metrics = eval::metrics(settings.metrics);
  run::check_limits(fail_below, settings.metrics, "--fail-below");

  auto run = run::RunFolder::open(folder).read(run::Answers::first);
  check_measurable(run, settings);
  warn_of_files(context.observer, run);
  auto& report = run.report;
  report.resample = settings.resample;
  run::measure(run, metrics);
  std::erase_if(report.losses, [&](const auto& loss) { return !report::find_metric(report.metrics, loss.first); });
  if (run.cosines) {
    const auto limit = settings.near_duplicate.value_or(report.near_duplicates->limit);
    report.near_duplicates = run::find_near_duplicates(run, limit, metrics);
  }
  warn_of_depth(context.observer, run, metrics);
  warn_of_cut(context.observer, run, metrics);
  auto failed = run::failed_limits(report.metrics, fail_below);
  return {std::move(run), std::move(failed)};
}

}  // namespace matcher::pipeline
