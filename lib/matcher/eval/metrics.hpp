// Knows every metric by the name that it has in --metrics and in reports.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "matcher/eval/ranking.hpp"
#include "matcher/eval/resample.hpp"

namespace matcher::eval {

enum class Unit {
  share,  ///< 0 or 1 per query: the mean is a share of the queries, shown in percent
  mean
};

/// A metric of one query: top<k>, precision<k>, recall<k>, ndcg<k>, ndcg, rprec, mrr or map.
struct Metric {
  std::string name, title;  ///< "ndcg10", "nDCG@10"
  std::size_t k = 0;        ///< answers looked at; 0: all that were kept
  Unit unit = Unit::mean;
  double (*value)(const Ranking&, std::size_t k) = nullptr;

  double operator()(const Ranking& ranking) const { return value(ranking, k); }
};

/// Throws Error(usage), naming the known metrics.
Metric metric(const std::string& name);

/// Throws Error(usage) for an unknown name, and for a name that is given twice.
std::vector<Metric> metrics(std::span<const std::string> names);

/// The values of the rankings with relevant_total > 0, in their order.
std::vector<double> values_of(const Metric& metric, std::span<const Ranking> rankings);

/// The mean of `values`. Wilson's interval for shares of independent queries, otherwise the bootstrap's, which draws
/// whole groups.
Estimate estimate_mean(std::span<const double> values, Unit unit, Groups groups = {});

}  // namespace matcher::eval
