// Finds the best run of a comparison, and which others are shown to be worse.
#pragma once

#include <span>

#include "matcher/eval/resample.hpp"
#include "matcher/report/comparison.hpp"
#include "matcher/run/measure.hpp"

namespace matcher::run {

/// Compares every run with the best one by their first metric. p-values are corrected (Holm) over these comparisons;
/// that of the baseline is the one in its table row, so that both agree. `rows` are the published rows of `runs`, two
/// or more. `groups` are drawn together (eval/resample.hpp).
report::ModelVerdict decide(std::span<const MeasuredRun> runs, std::span<const report::Row> rows, std::size_t baseline,
                            eval::Groups groups);

}  // namespace matcher::run
