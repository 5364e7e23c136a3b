// compare --max-drop: stored runs -> drops against margins -> verdicts
#pragma once

#include <string>
#include <vector>

#include "matcher/eval/resample.hpp"
#include "matcher/report/comparison.hpp"
#include "matcher/run/run.hpp"

namespace matcher::run {

/// How far the mean of a metric may fall below the baseline's, [0, 1].
struct Margin {
  std::string metric;
  double max_drop = 0;
};

/// "top1=0.01" (or several, joined by commas). Throws Error(usage) naming `flag`.
std::vector<Margin> parse_margins(const std::string& text, const std::string& flag);

struct GateOptions {
  std::vector<Margin> max_drop, max_drop_label;
  bool empty() const { return max_drop.empty() && max_drop_label.empty(); }
};

/// Throws Error(usage) for a metric that the runs do not have.
void check_margins(const GateOptions& options, const StoredRun& baseline);

/// Holds every run but the baseline against every margin. p-values of failures are corrected (Holm) over the checks
/// and, for each label check, over the labels. `groups` are what is drawn (eval/resample.hpp); labels are judged by
/// query.
report::Gate judge(const std::vector<StoredRun>& runs, std::size_t baseline, const GateOptions& options,
                   eval::Groups groups);

}  // namespace matcher::run
