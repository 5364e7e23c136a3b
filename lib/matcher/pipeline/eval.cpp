#include "matcher/pipeline/eval.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "matcher/core/error.hpp"
#include "matcher/core/file.hpp"
#include "matcher/core/hash.hpp"
#include "matcher/core/names.hpp"
#include "matcher/pipeline/search/answer.hpp"
#include "matcher/pipeline/search/loss.hpp"
#include "matcher/pipeline/search/sides.hpp"
#include "matcher/run/near_duplicates.hpp"
#include "matcher/run/ranking.hpp"

namespace matcher::pipeline {
namespace {

constexpr double default_near_duplicate = 0.98;

report::Data describe(const Sides& sides, const Answers& answers) {
  const auto& side = sides.gallery;
  std::set<std::string> labels;
  for (const auto& item : side.gallery().items) labels.insert(item.label);
  report::Data d;
  d.name = sides.name;
  d.fingerprint = Hasher().field(side.fingerprint()).field(sides.queries.manifest.data.fingerprint).hex();
  d.protocol = sides.data.protocol;
  d.gallery = side.gallery().items.size();
  d.queries = sides.queries.items.size();
  d.labels = labels.size();
  d.gallery_failures = side.failures();
  d.query_failures = sides.queries.failures;
  d.self_matches = answers.self_matches;
  return d;
}

std::vector<std::string> failed_gates(const report::Report& report, const std::vector<Gate>& gates) {
  std::vector<std::string> failed;
  for (const auto& gate : gates) {
    const auto value = report::find_metric(report.metrics, gate.metric)->value;
    if (value < gate.minimum) failed.push_back(fmt::format("{} is {:.4f}, below {}", gate.metric, value, gate.minimum));
  }
  return failed;
}

void check_gates(const std::vector<Gate>& gates, const std::vector<std::string>& metrics) {
  for (const auto& gate : gates) {
    if (std::ranges::count(metrics, gate.metric)) continue;
    throw Error(ErrorCode::usage,
                fmt::format("--fail-below names the metric \"{}\", which is not among those that are evaluated ({}); "
                            "add it to --metrics",
                            gate.metric, fmt::join(metrics, ",")));
  }
}

/// The measures that look at more than `depth` answers.
const eval::Measure* deeper_than(const std::vector<eval::Measure>& measures, std::size_t depth) {
  const auto deepest = std::ranges::max_element(measures, {}, &eval::Measure::k);
  return deepest != measures.end() && deepest->k > depth ? &*deepest : nullptr;
}

void check_depth(const std::vector<eval::Measure>& measures, std::size_t depth) {
  if (const auto* measure = deeper_than(measures, depth)) {
    throw Error(ErrorCode::usage, fmt::format("--depth {} keeps too few answers for {}; use --depth {} or more", depth,
                                              measure->name, measure->k));
  }
}

/// R-precision looks at as many answers as there are right ones, known only afterwards.
void warn_of_cut(Observer& observer, const run::Outcomes& outcomes, const std::vector<eval::Measure>& measures,
                 std::size_t depth) {
  if (!std::ranges::count(measures, "rprec", &eval::Measure::name)) return;
  const auto cut = std::ranges::count_if(outcomes.rankings, [&](const auto& r) { return r.relevant_total > depth; });
  if (cut == 0) return;
  observer.log(
      LogLevel::warning,
      fmt::format("rprec is too low: {} of {} queries have more right answers than the {} that are kept for each; "
                  "evaluate with a larger --depth",
                  cut, outcomes.rankings.size(), depth));
}

/// What an index loses; nothing where it cannot be held against exact search.
report::Losses losses(const Context& context, const EvalOptions& options, const Sides& sides, const Answers& answers,
                      std::span<const eval::Measure> measures) {
  const auto gallery = sides.gallery.gallery();
  if (gallery.index->exact()) return split_loss(answers.queries, measures);
  if (!options.split_loss) return {};
  const auto vectors = vectors_behind(context, options, sides);
  if (!vectors) return {};
  return split_loss(answers.queries, gallery, *vectors, sides.queries, options.depth, measures);
}

/// Those of the metrics that the report has still.
void keep_losses(report::Report& report) {
  std::erase_if(report.losses, [&](const auto& loss) { return !report::find_metric(report.metrics, loss.first); });
}

/// The files for TREC know neither labels nor cosines.
void check_labelled(const run::StoredAnswers& stored, const fs::path& run, const EvalOptions& options) {
  if (options.resample != "query" &&
      std::ranges::all_of(stored.outcomes.tags, &std::string::empty, &eval::Tags::label)) {
    throw Error(ErrorCode::usage, fmt::format("--resample {}: {} does not tell the labels of its queries; leave it out",
                                              options.resample, run.string()));
  }
  if (options.near_duplicate && !stored.report.near_duplicates) {
    throw Error(ErrorCode::usage,
                fmt::format("--near-duplicate {}: the scores of {} are not known to be cosines; leave it out",
                            *options.near_duplicate, run.string()));
  }
}

fs::path default_output(const Context& context, const std::string& dataset, const std::string& model) {
  return context.workdir / "runs" / file_name_of(fmt::format("{}-{}", dataset, model));
}

}  // namespace

std::vector<Gate> parse_gates(const std::string& text) {
  std::vector<Gate> gates;
  for (std::size_t start = 0; start <= text.size();) {
    const auto end = std::min(text.find(',', start), text.size());
    const auto part = text.substr(start, end - start);
    const auto equals = part.find('=');
    Gate gate{part.substr(0, equals), 0};
    const char* stop = part.data() + part.size();
    const auto [parsed, error] = equals == std::string::npos
                                     ? std::from_chars_result{part.data(), std::errc::invalid_argument}
                                     : std::from_chars(part.data() + equals + 1, stop, gate.minimum);
    if (error != std::errc() || parsed != stop || gate.minimum < 0 || gate.minimum > 1) {
      throw Error(ErrorCode::usage,
                  fmt::format("--fail-below \"{}\" is not METRIC=FRACTION, for example top1=0.80", part));
    }
    gates.push_back(gate);
    start = end + 1;
  }
  return gates;
}

EvalResult evaluate(const Context& context, const EvalOptions& options) {
  const auto measures = eval::measures_of(options.metrics);
  check_depth(measures, options.depth);
  check_gates(options.fail_below, options.metrics);
  if (!options.output.empty()) check_replaceable(options.output, "matcher.run/1");
  const auto sides = sides_of(context, options);
  const auto& [model, name, data, side, queries] = sides;
  const fs::path output = options.output.empty() ? default_output(context, name, model.name) : options.output;
  const auto& m = queries.manifest;
  if (side.stored) check_belongs(*side.stored, m.model);
  const auto gallery = side.gallery();
  auto answers = answer_all(gallery, queries, options.depth);

  run::Run run;
  run.report.model = m.model;
  run.report.model.name = model.name;
  run.report.dataset = describe(sides, answers);
  run.report.index = side.stored ? side.stored->manifest.type : "exact";
  run.report.depth = options.depth;
  run.report.resample = options.resample;
  run.label_names = data.label_names;
  const auto outcomes = outcomes_of(answers.queries);
  measure(run.report, outcomes, measures, run.label_names);
  run.report.losses = losses(context, options, sides, answers, measures);
  run.report.near_duplicates =
      near_duplicates(outcomes, options.near_duplicate.value_or(default_near_duplicate), measures, options.resample);
  warn_of_cut(context.observer, outcomes, measures, options.depth);
  const auto [p50, p95] = search_times(*gallery.index, queries.unit.view());
  run.report.speed = {m.images_per_second, p50, p95};
  run.queries = std::move(answers.queries);
  write_run(output, run);
  return {output, run.report, failed_gates(run.report, options.fail_below)};
}

EvalResult evaluate_stored(const Context& context, const fs::path& run, const EvalOptions& options) {
  const auto measures = eval::measures_of(options.metrics);
  check_gates(options.fail_below, options.metrics);
  auto stored = run::read_answers(run);
  check_labelled(stored, run, options);
  stored.report.resample = options.resample;
  measure(stored.report, stored.outcomes, measures, stored.label_names);
  keep_losses(stored.report);
  if (auto& twins = stored.report.near_duplicates) {
    twins = near_duplicates(stored.outcomes, options.near_duplicate.value_or(twins->limit), measures, options.resample);
  }
  const auto depth = stored.report.depth;
  if (const auto* measure = deeper_than(measures, depth)) {
    context.observer.log(LogLevel::warning,
                         fmt::format("{} holds at most {} answers for each query, so {} is over these", run.string(),
                                     depth, measure->name));
  }
  warn_of_cut(context.observer, stored.outcomes, measures, depth);
  return {run, stored.report, failed_gates(stored.report, options.fail_below)};
}

}  // namespace matcher::pipeline
