#include "matcher/run/measure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "matcher/core/error.hpp"

namespace matcher::run {
namespace {

std::vector<eval::Ranking> rankings_of(const KnownQueries& queries) {
  std::vector<eval::Ranking> rankings;
  rankings.reserve(queries.size());
  for (const auto* query : queries) rankings.push_back(ranking_of(*query));
  return rankings;
}

Values values_of(std::span<const eval::Ranking> rankings, std::span<const eval::Metric> metrics) {
  Values values;
  for (const auto& metric : metrics) values.push_back(eval::values_of(metric, rankings));
  return values;
}

std::vector<eval::Tags> tags_of(const KnownQueries& queries) {
  std::vector<eval::Tags> tags;
  tags.reserve(queries.size());
  for (const auto* query : queries) {
    const std::string_view answered = query->answers.empty() ? std::string_view() : query->answers[0].label;
    tags.push_back({query->label, query->category, answered});
  }
  return tags;
}

void count_unknown(Run& run) {
  auto& data = run.report.dataset;
  std::set<std::string> labels;
  data.unknown_queries = 0;
  for (const auto& query : run.queries) {
    if (query.known()) continue;
    ++data.unknown_queries;
    if (!query.label.empty()) labels.insert(query.label);
  }
  data.unknown_labels.assign(labels.begin(), labels.end());
}

}  // namespace

KnownQueries known_queries(std::span<const RankedQuery> queries) {
  KnownQueries known;
  for (const auto& query : queries) {
    if (query.known()) known.push_back(&query);
  }
  return known;
}

Values values_of(const KnownQueries& queries, std::span<const eval::Metric> metrics) {
  return values_of(rankings_of(queries), metrics);
}

MeasuredRun measure_each(const Run& run, std::span<const eval::Metric> metrics) {
  MeasuredRun measured{&run, known_queries(run.queries), {metrics.begin(), metrics.end()}, {}};
  measured.values = values_of(measured.queries, metrics);
  return measured;
}

std::vector<std::uint32_t> groups_of(const KnownQueries& queries, eval::Resample resample) {
  if (resample == eval::Resample::query) return {};
  std::vector<std::string_view> labels;
  for (const auto* query : queries) labels.push_back(query->label);
  return eval::groups_by(labels);
}

report::Metrics estimates_of(const Values& values, std::span<const eval::Metric> metrics, eval::Groups groups) {
  report::Metrics estimates;
  for (std::size_t m = 0; m < metrics.size(); ++m)
    estimates.push_back({metrics[m].name, eval::estimate_mean(values[m], metrics[m].unit, groups)});
  return estimates;
}

void check_any_known(const Run& run) {
  if (std::ranges::any_of(run.queries, &RankedQuery::known)) return;
  throw Error(ErrorCode::input, fmt::format("none of the {} queries of \"{}\" has a right answer in the gallery; check "
                                            "the label column, or qrels.trec",
                                            run.queries.size(), run.report.dataset.name));
}

void break_down(Run& run) {
  const auto queries = known_queries(run.queries);
  const auto rankings = rankings_of(queries);
  report::set_breakdown(run.report, eval::breakdown(rankings, tags_of(queries)), run.label_names);
}

void measure(Run& run, std::span<const eval::Metric> metrics) {
  check_any_known(run);
  count_unknown(run);
  const auto queries = known_queries(run.queries);
  run.report.metrics = estimates_of(values_of(queries, metrics), metrics, groups_of(queries, run.report.resample));
  break_down(run);
}

}  // namespace matcher::run
