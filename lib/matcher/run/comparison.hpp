// Compares runs of the same queries: gains, changed queries and the gate.
#pragma once

#include <string>
#include <vector>

#include "matcher/report/comparison.hpp"
#include "matcher/run/gate.hpp"

namespace matcher::run {

struct ComparisonOptions {
  eval::Resample resample = eval::Resample::query;
  GateOptions gate;     ///< empty: no gate
  bool common = false;  ///< compare the queries that all runs have; their images may differ
};

/// Images and labels of two runs of one dataset: the same, or changed between them.
enum class Images { same, changed };

/// The first difference in how two runs were made: dataset, protocol, images and labels, unless these may have changed,
/// or depth; empty: none.
std::string data_difference(const report::Report& a, const report::Report& b, Images allowed = Images::same);

/// Compares every run with runs[baseline]. With `common`, reduces the runs to the queries that all have; so does a gate
/// if images or labels changed and half of the baseline's queries or more are common. Throws Error(mismatch) naming the
/// difference if two runs have other data, metrics or queries; Error(usage) for a gate on a metric that the runs lack.
report::Comparison compare(std::vector<Run> runs, std::size_t baseline, const ComparisonOptions& options);

}  // namespace matcher::run
