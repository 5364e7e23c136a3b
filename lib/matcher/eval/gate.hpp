// Did it get worse by more than is allowed? Three answers, and how often each is wrong (docs/reference/metrics.md).
#pragma once

#include <cstdint>
#include <span>

#include "matcher/eval/paired.hpp"

namespace matcher::eval {

/// How often a gate may pass what fell by the margin or more, and how often it may fail what did not.
constexpr double gate_level = 0.05;

enum class Verdict { pass, fail, undecided };
const char* name_of(Verdict verdict);

/// How sure it is that the mean over all queries like these fell by less, or by more, than a margin.
struct DropTest {
  double value = 0;     ///< baseline - run: above 0 it got worse
  double p_within = 1;  ///< of data like these, or further below, if it fell by the margin or more
  double p_beyond = 1;  ///< of data like these, or further above, if it fell by the margin or less
};

/// Values that are all 0 or 1, drawn by query: exact_drop.hpp. All else: the shares of resampled mean drops on the
/// other side of `margin`, by query or by group; where fewer than ten of these changed, the exact binomial bound of the
/// share of those that fell. Without a value both p are 1. Throws Error(mismatch) for unequal lengths.
DropTest test_drop(std::span<const double> values, std::span<const double> baseline, double margin, Groups groups = {},
                   std::uint64_t seed = 1);

/// The margins at which p_beyond and p_within are gate_level: what it fell by at least and at most, each 95 % sure.
struct DropBounds {
  double low = -1, high = 1;
};
DropBounds drop_bounds(std::span<const double> values, std::span<const double> baseline, Groups groups = {},
                       std::uint64_t seed = 1);

/// pass: shown to be within the margin. fail: shown to be beyond it. At most one p can be that small.
Verdict judge(double p_within, double p_beyond);

/// fail if any failed, else undecided if any is, else pass.
Verdict worst(std::span<const Verdict> verdicts);

}  // namespace matcher::eval
