#include "matcher/pipeline/eval.hpp"

#include <fmt/format.h>

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
    throw Error(ErrorCode::input, fmt::format("dataset \"{}\" has an empty gallery: nothing to find; check the roles and splits of its sources", data.name));
  }
  if (data.queries.empty()) {
    throw Error(ErrorCode::input, fmt::format("dataset \"{}\" has no queries: nothing to evaluate; name them with a split column (gallery, query) "
                                              "or in the roles of its dataset.yaml", data.name));
  }
}

/// Leaves of each query its text alone.
void query_by_text(dataset::Dataset& data) {
  for (auto& query : data.queries) {
    if (query.text.empty()) {
      throw Error(ErrorCode::input, fmt::format("query \"{}\" of dataset \"{}\" has no text to look up; fill in its text column, or leave "
                                                "--query-by text out", query.id, data.name));
    }
    query.path.clear();
  }
}

GallerySide gallery_side(const Context& context, const EvalOptions& options, const ModelChoice& choice,
                         const dataset::Dataset& data) {
  GallerySide side;
  if (!options.index.empty()) {
    side.stored = load_index(options.index);
    return side;
  }
  side.vectors = embedded(context, choice, options.dataset, data, "gallery", options.run);
  side.ids = ids_of(side.vectors.items);
  side.exact = index::exact_search(side.vectors.unit.view(), side.ids);
  return side;
}

report::Data describe(const dataset::Dataset& data, const GallerySide& side, const VectorSet& queries, const Answers& answers) {
  std::set<std::string> labels, unknown;
  for (const auto& item : side.gallery().items) labels.insert(item.label);
  report::Data d;
  for (const auto& query : answers.queries) {
    if (query.known) continue;
    ++d.unknown_queries;
    unknown.insert(query.label);
  }
  d.name = data.name;
  d.fingerprint = Hasher().field(side.fingerprint()).field(queries.manifest.data_fingerprint).hex();
  d.protocol = data.protocol;
  d.gallery = side.gallery().items.size();
  d.queries = queries.items.size();
  d.labels = labels.size();
  d.gallery_failures = side.failures();
  d.query_failures = queries.failures;
  d.unknown_labels.assign(unknown.begin(), unknown.end());
  d.self_matches = answers.self_matches;
  return d;
}

report::Metrics metrics_of(const std::vector<RankedQuery>& queries, const EvalOptions& options, const std::string& dataset) {
  std::vector<eval::Ranking> rankings;
  for (const auto& query : queries) {
    if (query.known) rankings.push_back(ranking_of(query));
  }
  if (rankings.empty()) {
    throw Error(ErrorCode::input, fmt::format("none of the {} queries of \"{}\" has a label that a gallery item has; check the label column",
                                              queries.size(), dataset));
  }
  report::Metrics metrics;
  for (auto& metric : eval::evaluate(rankings, options.ks)) metrics.push_back({metric.name, metric.estimate});
  return metrics;
}

std::vector<std::string> failed_gates(const report::Report& report, const std::vector<Gate>& gates) {
  std::vector<std::string> failed;
  for (const auto& gate : gates) {
    const auto value = report::find_metric(report.metrics, gate.metric)->value;
    if (value < gate.minimum) failed.push_back(fmt::format("{} is {:.4f}, below {}", gate.metric, value, gate.minimum));
  }
  return failed;
}

void check_gates(const std::vector<Gate>& gates, const std::vector<std::size_t>& ks) {
  std::vector<std::string> known{"mrr", "map"};
  for (const auto k : ks) known.push_back(fmt::format("top{}", k));
  for (const auto& gate : gates) {
    if (std::find(known.begin(), known.end(), gate.metric) != known.end()) continue;
    throw Error(ErrorCode::usage, fmt::format("--fail-below names the unknown metric \"{}\"{}", gate.metric, name_hint(gate.metric, known)));
  }
}

void check_depth(const EvalOptions& options) {
  const auto largest = *std::max_element(options.ks.begin(), options.ks.end());
  if (options.depth >= largest) return;
  throw Error(ErrorCode::usage, fmt::format("--depth {} keeps too few answers for top-{}; use --depth {} or more", options.depth, largest, largest));
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
    const auto [parsed, error] = equals == std::string::npos ? std::from_chars_result{part.data(), std::errc::invalid_argument}
                                                             : std::from_chars(part.data() + equals + 1, stop, gate.minimum);
    if (error != std::errc() || parsed != stop || gate.minimum < 0 || gate.minimum > 1) {
      throw Error(ErrorCode::usage, fmt::format("--fail-below \"{}\" is not METRIC=FRACTION, for example top1=0.80", part));
    }
    gates.push_back(gate);
    start = end + 1;
  }
  return gates;
}

EvalResult evaluate(const Context& context, const EvalOptions& options) {
  check_depth(options);
  check_gates(options.fail_below, options.ks);
  const auto choice = choose_model(context, options.model);
  auto data = load_dataset(context, options.dataset);
  if (options.by_text) query_by_text(data);
  check_not_empty(data, options.index.empty());
  const auto name = data.name + (options.by_text ? " by text" : "");
  const fs::path output = options.output.empty() ? default_output(context, name, choice.name) : options.output;
  check_replaceable(output, "matcher.run/1");

  const auto side = gallery_side(context, options, choice, data);
  data.name = name;  // from here on, as the gallery is that of both
  const auto queries = embedded(context, choice, options.dataset, data, "queries", options.run);
  const auto& m = queries.manifest;
  if (side.stored) check_belongs(*side.stored, {m.model, m.model_fingerprint, m.precision, m.dimension});
  const auto gallery = side.gallery();
  auto answers = answer_all(gallery, queries, options.depth);

  Run run;
  run.report.model = {choice.name, m.model_fingerprint, m.precision, m.device, m.dimension, m.model_size_bytes};
  run.report.dataset = describe(data, side, queries, answers);
  run.report.index = side.stored ? side.stored->manifest.type : "exact";
  run.report.depth = options.depth;
  run.report.metrics = metrics_of(answers.queries, options, data.name);
  const auto [p50, p95] = search_times(*gallery.index, queries.unit.view());
  run.report.speed = {m.images_per_second, p50, p95};
  run.queries = std::move(answers.queries);
  write_run(output, run);
  return {output, run.report, failed_gates(run.report, options.fail_below)};
}

}  // namespace matcher::pipeline
