// Judges the drops of every value of a column, such as every category.
#pragma once

#include <span>
#include <vector>

#include "matcher/run/gate.hpp"

namespace matcher::run {

/// A check per run but the baseline, per column and limit. p-values of failures are corrected (Holm) over all slices of
/// all checks. Values are those of the run, not of the baseline. Labels are always judged by query. Throws Error(usage)
/// with the known columns for an unknown one, Error(input) if no query has a category.
std::vector<report::SliceCheck> judge_slices(std::span<const MeasuredRun> runs, std::size_t baseline,
                                             const GateOptions& options, eval::Resample resample);

}  // namespace matcher::run
