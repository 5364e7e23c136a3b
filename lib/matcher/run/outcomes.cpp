#include "matcher/run/outcomes.hpp"

#include <fmt/format.h>

#include <set>

#include "matcher/core/error.hpp"

namespace matcher::run {
namespace {

void count_unknown(report::Data& data, const Outcomes& outcomes) {
  std::set<std::string> labels;
  for (std::size_t i = 0; i < outcomes.rankings.size(); ++i) {
    if (outcomes.rankings[i].relevant_total > 0) continue;
    ++data.unknown_queries;
    if (!outcomes.tags[i].label.empty()) labels.insert(outcomes.tags[i].label);
  }
  data.unknown_labels.assign(labels.begin(), labels.end());
}

/// Of the queries that have a right answer.
std::vector<std::uint32_t> groups_of(const Outcomes& outcomes, const std::string& resample) {
  if (resample == "query") return {};
  std::vector<std::string_view> labels;
  for (std::size_t i = 0; i < outcomes.rankings.size(); ++i) {
    if (outcomes.rankings[i].relevant_total > 0) labels.push_back(outcomes.tags[i].label);
  }
  return eval::groups_by(labels);
}

}  // namespace

report::Metrics metrics_of(const Outcomes& outcomes, std::span<const eval::Measure> measures,
                           const std::string& resample) {
  report::Metrics metrics;
  for (const auto& metric : eval::evaluate(outcomes.rankings, measures, groups_of(outcomes, resample)))
    metrics.push_back({metric.name, metric.estimate});
  return metrics;
}

void measure(report::Report& report, const Outcomes& outcomes, std::span<const eval::Measure> measures,
             const std::map<std::string, std::string>& label_names) {
  auto& data = report.dataset;
  data.unknown_queries = 0;
  count_unknown(data, outcomes);
  if (data.unknown_queries == outcomes.rankings.size()) {
    throw Error(ErrorCode::input,
                fmt::format("none of the {} queries of \"{}\" has a right answer in the gallery; check "
                            "the label column, or qrels.trec",
                            outcomes.rankings.size(), data.name));
  }
  report.metrics = metrics_of(outcomes, measures, report.resample);
  report::set_breakdown(report, eval::breakdown(outcomes.rankings, outcomes.tags), label_names);
}

}  // namespace matcher::run
