// Judges drops of runs against margins: the gate of compare --max-drop.
#pragma once

#include <span>
#include <vector>

#include "matcher/eval/resample.hpp"
#include "matcher/report/comparison.hpp"
#include "matcher/run/limits.hpp"
#include "matcher/run/measure.hpp"

namespace matcher::run {

/// The largest allowed drops of the mean of a metric below the baseline's.
struct GateOptions {
  std::vector<MetricLimit> max_drop;        ///< over all queries
  std::vector<MetricLimit> max_drop_label;  ///< over the queries of any label

  bool empty() const { return max_drop.empty() && max_drop_label.empty(); }
};

/// Judges every run but the baseline by every margin. All runs have the same queries and metrics. p-values of failures
/// are corrected (Holm) over the checks, and over the labels of each label check. `groups` are drawn together
/// (eval/resample.hpp); labels are always judged by query.
report::Gate judge(std::span<const MeasuredRun> runs, std::size_t baseline, const GateOptions& options,
                   eval::Groups groups);

}  // namespace matcher::run
