// Judges measured speeds against the baseline's.
#pragma once

#include <span>
#include <vector>

#include "matcher/run/gate.hpp"

namespace matcher::run {

/// A check per run but the baseline, and per limit. Fails only if the fastest repeat is slower than the baseline's
/// slowest one by more than the limit; passes only if the slowest repeat is within it. Undecided without two trials
/// under the same conditions.
std::vector<report::SpeedCheck> judge_speed(std::span<const MeasuredRun> runs, std::size_t baseline,
                                            const std::vector<MetricLimit>& max_slowdown);

/// A check per run but the baseline, and per limit. Fails only if every repeat is beyond the limit, passes only if none
/// is. Undecided without a trial on a quiet machine.
std::vector<report::SpeedLimitCheck> judge_speed_limits(std::span<const MeasuredRun> runs, std::size_t baseline,
                                                        const std::vector<MetricLimit>& limits);

}  // namespace matcher::run
