#include "matcher/eval/estimate.hpp"

#include <cmath>

#include "matcher/eval/resample.hpp"

namespace matcher::eval {

Estimate wilson(std::size_t successes, std::size_t trials, double confidence) {
  if (trials == 0) return {0, 0, 1};
  const double n = double(trials), p = double(successes) / n, z = normal_quantile(0.5 - confidence / 2);
  const double centre = p + z * z / (2 * n);
  const double half = z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
  const double scale = 1 + z * z / n;
  return {p, successes == 0 ? 0.0 : (centre - half) / scale, successes == trials ? 1.0 : (centre + half) / scale};
}

Estimate bootstrap_mean(std::span<const double> values, double confidence, std::size_t resamples, std::uint64_t seed) {
  return bootstrap_mean(values, Groups{}, confidence, resamples, seed);
}

}  // namespace matcher::eval
