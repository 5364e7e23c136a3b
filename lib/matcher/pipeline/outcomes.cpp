#include "matcher/pipeline/outcomes.hpp"

#include <fmt/format.h>

#include <set>

#include "matcher/core/error.hpp"

namespace matcher::pipeline {
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

}  // namespace

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
  report.metrics.clear();
  for (const auto& metric : eval::evaluate(outcomes.rankings, measures)) {
    report.metrics.push_back({metric.name, metric.estimate});
  }
  report::set_breakdown(report, eval::breakdown(outcomes.rankings, outcomes.tags), label_names);
}

}  // namespace matcher::pipeline
