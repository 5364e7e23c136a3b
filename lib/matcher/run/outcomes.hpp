// What a report is computed of, and the computing.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "matcher/eval/breakdown.hpp"
#include "matcher/eval/measures.hpp"
#include "matcher/report/report.hpp"

namespace matcher::run {

/// The gallery item that is the nearest to a query; of a copy (the same bytes) the answers do not tell.
struct Nearest {
  std::string query, item;
  double cosine = -1;
  bool copy = false;
};

/// Of each query which answers were right, and what it is about; unknown queries have relevant_total 0.
struct Outcomes {
  std::vector<eval::Ranking> rankings;
  std::vector<eval::Tags> tags;
  std::vector<Nearest> nearest;  ///< empty where the answers have no cosines
};

/// `resample`: query, or label, whose queries are drawn as one.
report::Metrics metrics_of(const Outcomes& outcomes, std::span<const eval::Measure> measures,
                           const std::string& resample);

/// Fills in metrics, with intervals by report.resample, unknown queries, labels, categories and confusions. Throws
/// Error(input) when no query has a right answer in the gallery.
void measure(report::Report& report, const Outcomes& outcomes, std::span<const eval::Measure> measures,
             const std::map<std::string, std::string>& label_names);

}  // namespace matcher::run
