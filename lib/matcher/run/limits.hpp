// Limits on metrics, as --fail-below, --max-drop and --max-drop-label take them.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "matcher/report/report.hpp"

namespace matcher::run {

struct MetricLimit {
  std::string metric;
  double value = 0;  ///< a fraction, [0, 1]
};

/// "top1=0.80" or "top1=0.80,mrr=0.85". Throws Error(usage) naming `flag`.
std::vector<MetricLimit> parse_limits(const std::string& text, const std::string& flag);

/// Throws Error(usage) naming `flag` if a limit names another metric than `metrics`.
void check_limits(std::span<const MetricLimit> limits, const std::vector<std::string>& metrics,
                  const std::string& flag);

/// One sentence per metric that is below its limit. The metrics have those of the limits.
std::vector<std::string> failed_limits(const report::Metrics& metrics, std::span<const MetricLimit> limits);

}  // namespace matcher::run
