// Tests whether two samples come from one distribution.
#pragma once

#include <span>

namespace matcher::eval {

/// The largest distance between two distribution functions, and how likely one this large is by chance.
struct DistanceTest {
  double distance = 0;  ///< [0, 1]
  double p = 1;         ///< at least 1e-15
};

/// The two-sided Kolmogorov-Smirnov test. p is exact up to a product of 10,000,000 of the numbers of values; above, it
/// is that of Kolmogorov's limit. Ties make p too large, never too small. No values: distance 0 and p 1.
DistanceTest test_same_distribution(std::span<const double> a, std::span<const double> b);

}  // namespace matcher::eval
