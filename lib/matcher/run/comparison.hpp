// Compares runs of the same queries: gains, changed queries and the gate.
#pragma once

#include <span>
#include <string>

#include "matcher/report/comparison.hpp"
#include "matcher/run/gate.hpp"

namespace matcher::run {

struct ComparisonOptions {
  eval::Resample resample = eval::Resample::query;
  GateOptions gate;  ///< empty: no gate
};

/// The first difference in how two runs were made: dataset, protocol, images, labels or depth; empty: none.
std::string data_difference(const report::Report& a, const report::Report& b);

/// Compares every run with runs[baseline]. Throws Error(mismatch) naming the difference if two runs have other data,
/// metrics or queries; Error(usage) for a gate on a metric that the runs lack.
report::Comparison compare(std::span<const Run> runs, std::size_t baseline, const ComparisonOptions& options);

}  // namespace matcher::run
