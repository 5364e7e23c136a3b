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
#include "matcher/pipeline/answer.hpp"
#include "matcher/pipeline/ranking.hpp"

namespace matcher::pipeline {
namespace {

/// The gallery's side of an evaluation: a stored index, or exact search over the gallery's embeddings.
struct GallerySide {
  std::optional<LoadedIndex> stored;
  VectorSet vectors;
  std::vector<std::string> ids;
  std::unique_ptr<index::VectorIndex> exact;

  Gallery gallery() const {
    if (stored) return {stored->items, stored->index.get()};
    return {vectors.items, exact.get()};
  }
  std::string fingerprint() const {
    return stored ? stored->manifest.data_fingerprint : vectors.manifest.data_fingerprint;
  }
  std::size_t failures() const { return stored ? stored->manifest.failures : vectors.failures; }
};

void check_not_empty(const dataset::Dataset& data, bool needs_gallery) {
  if (needs_gallery && data.gallery.empty()) {
    throw Error(
        ErrorCode::input,
        fmt::format("dataset \"{}\" has an empty gallery: nothing to find; check the roles and splits of its sources",
                    data.name));
  }
  if (data.queries.empty()) {
    throw Error(
        ErrorCode::input,
        fmt::format(
            "dataset \"{}\" has no queries: nothing to evaluate; name them with a split column (gallery, query) "
            "or in the roles of its dataset.yaml",
            data.name));
  }
}

/// Leaves of each query its text alone.
void query_by_text(dataset::Dataset& data) {
  for (auto& query : data.queries) {
    if (query.text.empty()) {
      throw Error(
          ErrorCode::input,
          fmt::format("query \"{}\" of dataset \"{}\" has no text to look up; fill in its text column, or leave "
                      "--query-by text out",
                      query.id, data.name));
    }
    query.path.clear();
  }
}

/// What an evaluation looks at.
struct Sides {
  std::string model;
  dataset::Dataset data;  ///< of sets: its name and protocol alone
  GallerySide gallery;
  VectorSet queries;
};

GallerySide exact_side(VectorSet vectors) {
  GallerySide side;
  side.vectors = std::move(vectors);
  side.ids = ids_of(side.vectors.items);
  side.exact = index::exact_search(side.vectors.unit.view(), side.ids);
  return side;
}

GallerySide stored_side(const fs::path& index) {
  GallerySide side;
  side.stored = load_index(index);
  return side;
}

Sides sides_of_dataset(const Context& context, const EvalOptions& options) {
  const auto choice = choose_model(context, options.model);
  auto data = load_dataset(context, options.dataset);
  if (options.by_text) query_by_text(data);
  check_not_empty(data, options.index.empty());
  auto gallery = options.index.empty() ? exact_side(embedded(context, choice, options.dataset, data, "gallery", options.run))
                                       : stored_side(options.index);
  if (options.by_text) data.name += " by text";  // from here on, as the gallery is that of both
  auto queries = embedded(context, choice, options.dataset, data, "queries", options.run);
  return {choice.name, std::move(data), std::move(gallery), std::move(queries)};
}

VectorSet items_of_role(const std::vector<fs::path>& folders, const std::string& role) {
  auto stored = joined(folders, role);
  if (!stored.items.empty() && stored.items.front().role == role) return in_memory(std::move(stored));
  throw Error(ErrorCode::input,
              fmt::format("the embedding sets hold no item of the {}; embed with --split all, or give the set of the {} too", role,
                          role));
}

Sides sides_of_sets(const EvalOptions& options) {
  auto gallery = options.index.empty() ? exact_side(items_of_role(options.embeddings, "gallery")) : stored_side(options.index);
  auto queries = items_of_role(options.embeddings, "queries");
  const auto m = queries.manifest;
  return {m.model, {m.dataset, m.protocol, {}, {}, {}}, std::move(gallery), std::move(queries)};
}

report::Data describe(const dataset::Dataset& data, const GallerySide& side, const VectorSet& queries,
                      const Answers& answers) {
  std::set<std::string> labels;
  for (const auto& item : side.gallery().items) labels.insert(item.label);
  report::Data d;
  d.name = data.name;
  d.fingerprint = Hasher().field(side.fingerprint()).field(queries.manifest.data_fingerprint).hex();
  d.protocol = data.protocol;
  d.gallery = side.gallery().items.size();
  d.queries = queries.items.size();
  d.labels = labels.size();
  d.gallery_failures = side.failures();
  d.query_failures = queries.failures;
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
void warn_of_cut(Observer& observer, const Outcomes& outcomes, const std::vector<eval::Measure>& measures,
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
  const auto [model, data, side, queries] =
      options.embeddings.empty() ? sides_of_dataset(context, options) : sides_of_sets(options);
  const fs::path output = options.output.empty() ? default_output(context, data.name, model) : options.output;
  const auto& m = queries.manifest;
  if (side.stored) check_belongs(*side.stored, {m.model, m.model_fingerprint, m.precision, m.dimension});
  const auto gallery = side.gallery();
  auto answers = answer_all(gallery, queries, options.depth);

  Run run;
  run.report.model = {model, m.model_fingerprint, m.precision, m.device, m.dimension, m.model_size_bytes};
  run.report.dataset = describe(data, side, queries, answers);
  run.report.index = side.stored ? side.stored->manifest.type : "exact";
  run.report.depth = options.depth;
  run.label_names = data.label_names;
  const auto outcomes = outcomes_of(answers.queries);
  measure(run.report, outcomes, measures, run.label_names);
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
  auto stored = read_answers(run);
  measure(stored.report, stored.outcomes, measures, stored.label_names);
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
