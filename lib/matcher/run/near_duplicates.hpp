// Finds queries that are nearly a gallery photo, and measures the others without them.
#pragma once

#include <span>

#include "matcher/run/measure.hpp"

namespace matcher::run {

/// Looks at the known queries. `limit` is a cosine: the scores of the run must be cosines. Intervals are those of
/// report.resample.
report::NearDuplicates find_near_duplicates(const Run& run, double limit, std::span<const eval::Metric> metrics);

}  // namespace matcher::run
