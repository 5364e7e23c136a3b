// Judges the drops of every value of a column, such as every category.
#pragma once

#include <span>
#include <vector>

#include "matcher/run/gate.hpp"

namespace matcher::run {

/// A check per run but the baseline, per column and limit. p-values of failures are corrected (Holm) over all slices of
/// all checks. Labels are always judged by query. Throws Error(input)
/// if no query has a value in a column.
std::vector<report::SliceCheck> judge_slices(std::span<const MeasuredRun> runs, std::size_t baseline,
                                             const GateOptions& options, eval::Resample resample);

}  // namespace matcher::run
