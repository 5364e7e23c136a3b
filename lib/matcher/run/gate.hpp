// Judges runs against limits: the gate of compare.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "matcher/eval/resample.hpp"
#include "matcher/report/comparison.hpp"
#include "matcher/run/limits.hpp"
#include "matcher/run/measure.hpp"

namespace matcher::run {

/// The limits of a gate against the baseline.
struct GateOptions {
  std::vector<MetricLimit> max_drop{};        ///< limits on the mean over all queries
  std::vector<MetricLimit> max_drop_label{};  ///< over the queries of any label; never undecided
  std::vector<std::string> slices{};          ///< judge every value of these columns of the queries
  std::vector<MetricLimit> max_drop_slice{};  ///< over the queries of any slice; empty: those of max_drop
  std::vector<MetricLimit> max_slowdown{};    ///< names of report::SpeedMeasure, and shares
  std::vector<MetricLimit> speed_limits{};    ///< names of report::SpeedMeasure, and the worst value that is allowed
  std::optional<double> max_drift{};          ///< distance of the best scores, [0, 1]

  bool empty() const {
    return max_drop.empty() && max_drop_label.empty() && max_drop_slice.empty() && max_slowdown.empty() &&
           speed_limits.empty() && !max_drift;
  }
};

/// Throws Error(usage) for slices without a limit or a limit without slices, for a limit on another metric than
/// `metrics`, and for an unknown speed.
void check_gate(const GateOptions& options, const std::vector<std::string>& metrics);

/// Throws Error(usage) for a column that no query has. `columns`: those that they have; `place`: the run or dataset.
[[noreturn]] void refuse_slices(const std::string& column, const std::vector<std::string>& columns,
                                const std::string& place, const std::string& advice);

/// Judges every run but the baseline by every limit but the drift. All runs have the same queries and metrics. p-values
/// of failures are corrected (Holm) over the checks, over the labels of each label check, and over all slices. `groups`
/// are drawn together (eval/resample.hpp); labels are always judged by query.
report::Gate judge(std::span<const MeasuredRun> runs, std::size_t baseline, const GateOptions& options,
                   eval::Groups groups);

}  // namespace matcher::run
