// Metrics by the names they have in reports: what --metrics chooses from.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "matcher/eval/resample.hpp"

namespace matcher::eval {

/// A metric of one query. Its name is a key of report.json: top<k>, precision<k>, recall<k>, ndcg<k>, ndcg, rprec, mrr
/// or map.
struct Measure {
  std::string name;
  std::size_t k = 0;  ///< the answers it looks at; 0: all that were kept
  bool rate = false;  ///< 0 or 1 for each query, so its mean is a share of the queries
  double (*value)(const Ranking&, std::size_t k) = nullptr;
  double operator()(const Ranking& ranking) const { return value(ranking, k); }
};

/// Throws Error(usage), naming those there are.
Measure measure_of(const std::string& name);

/// Throws Error(usage) also for a name that is there twice.
std::vector<Measure> measures_of(std::span<const std::string> names);

/// The values of a measure and what is known of their mean.
struct Metric {
  std::string name;
  std::vector<double> per_query;  ///< of the queries whose label is in the gallery, in their order
  Estimate estimate;              ///< of estimate_of()
};

/// Wilson's interval for a rate of independent queries, else the bootstrap's, which draws whole groups.
Estimate estimate_of(std::span<const double> values, bool rate, Groups groups = {});

/// Each measure over the rankings with relevant_total > 0; `groups` are of these.
std::vector<Metric> evaluate(std::span<const Ranking> rankings, std::span<const Measure> measures, Groups groups = {});

}  // namespace matcher::eval
