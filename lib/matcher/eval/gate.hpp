// Decides whether a metric fell by more than a margin: pass, fail or undecided (docs/reference/metrics.md).
#pragma once

#include <cstdint>
#include <span>

#include "matcher/eval/paired.hpp"

namespace matcher::eval {

/// The chance that a gate passes a drop of the margin or more, and the chance that it fails a smaller drop.
constexpr double gate_level = 0.05;

enum class Verdict { pass, fail, undecided };
const char* name_of(Verdict verdict);

/// Tests a drop of the mean over all queries like these against a margin.
struct DropTest {
  double value = 0;     ///< baseline - run; above 0: the run is worse
  double p_within = 1;  ///< p of data this far below the margin, or further, if the drop were the margin or more
  double p_beyond = 1;  ///< p of data this far above the margin, or further, if the drop were the margin or less
};

/// Values that are all 0 or 1, drawn by query: the exact test of gate/exact_drop.hpp. Other values: the shares of
/// resampled mean drops on the other side of `margin`, by query or by group. With fewer than ten changes, the exact
/// binomial bound of the share that fell. Both p are 1 for no values. Throws Error(mismatch) for unequal lengths.
DropTest test_drop(std::span<const double> values, std::span<const double> baseline, double margin, Groups groups = {},
                   std::uint64_t seed = 1);

/// The margins at which p_beyond and p_within are gate_level: the drop is at least `low`, at most `high`, each with
/// 95 % confidence.
struct DropBounds {
  double low = -1, high = 1;
};
DropBounds drop_bounds(std::span<const double> values, std::span<const double> baseline, Groups groups = {},
                       std::uint64_t seed = 1);

/// pass: shown to be within the margin. fail: shown to be beyond it. At most one p can be small enough.
Verdict judge(double p_within, double p_beyond);

/// The smallest number of queries, or groups, that pass if none of them changes; 0 if no number does (margin 0).
std::size_t fewest_to_pass(double margin);

/// fail if any verdict is fail; otherwise undecided if any is; otherwise pass.
Verdict worst(std::span<const Verdict> verdicts);

}  // namespace matcher::eval
