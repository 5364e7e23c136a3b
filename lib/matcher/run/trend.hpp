// Compares the runs of many nights with a reference, each on the queries that both have.
#pragma once

#include <optional>
#include <vector>

#include "matcher/report/trend.hpp"
#include "matcher/run/limits.hpp"
#include "matcher/run/run.hpp"

namespace matcher::run {

struct TrendOptions {
  std::string metric;                   ///< empty: the first one of the reference
  std::optional<MetricLimit> max_drop;  ///< sets the metric, too
  eval::Resample resample = eval::Resample::query;
};

/// `runs` in any order, and the reference, which may be one of them. Throws Error(usage) for a metric that a run lacks,
/// Error(mismatch) for runs of other datasets, or without common queries.
report::Trend follow(std::vector<Run> runs, const Run& reference, const TrendOptions& options);

}  // namespace matcher::run
