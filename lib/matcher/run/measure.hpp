// Measures a run: metrics per query, their means, and the breakdown by label and category.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "matcher/eval/metrics.hpp"
#include "matcher/report/report.hpp"
#include "matcher/run/run.hpp"

namespace matcher::run {

/// Queries with a right answer in the gallery, borrowed from a run: only these count in metrics.
using KnownQueries = std::vector<const RankedQuery*>;
KnownQueries known_queries(std::span<const RankedQuery> queries);

/// The values of metrics, [metric][query].
using Values = std::vector<std::vector<double>>;
Values values_of(const KnownQueries& queries, std::span<const eval::Metric> metrics);

/// A run with its values. Borrows the run, which must outlive it.
struct MeasuredRun {
  const Run* run = nullptr;
  KnownQueries queries;
  std::vector<eval::Metric> metrics;
  Values values;
};
MeasuredRun measure_each(const Run& run, std::span<const eval::Metric> metrics);

/// The groups that are drawn together (eval/resample.hpp): empty for Resample::query.
std::vector<std::uint32_t> groups_of(const KnownQueries& queries, eval::Resample resample);

/// Means with their intervals.
report::Metrics estimates_of(const Values& values, std::span<const eval::Metric> metrics, eval::Groups groups);

/// Throws Error(input) if no query has a right answer in the gallery.
void check_any_known(const Run& run);

/// Sets the breakdown of the report by the queries that the run has now.
void break_down(Run& run);

/// Sets the metrics of the report, with intervals by report.resample, its unknown queries and its breakdown. Throws
/// Error(input) if no query has a right answer in the gallery.
void measure(Run& run, std::span<const eval::Metric> metrics);

}  // namespace matcher::run
