// Estimates a share or a mean with its interval.
#pragma once

#include <cstdint>
#include <span>

namespace matcher::eval {

/// A share or mean with its 95 % interval.
struct Estimate {
  double value = 0, low = 0, high = 0;
};

/// Wilson's score interval (1927) for `successes` of `trials`; {0, 0, 1} for no trials.
Estimate wilson(std::size_t successes, std::size_t trials, double confidence = 0.95);

/// Percentile bootstrap of the mean (Efron 1979), resampled over `values`. The same seed gives the same result on every
/// platform. {0, 0, 1} for no values. Above 50 million draws it is the normal interval, its limit.
Estimate bootstrap_mean(std::span<const double> values, double confidence = 0.95, std::size_t resamples = 1000,
                        std::uint64_t seed = 1);

}  // namespace matcher::eval
