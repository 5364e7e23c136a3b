#include <fmt/format.h>

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <numeric>
#include <random>

#include "matcher/core/error.hpp"
#include "matcher/eval/metrics.hpp"

namespace matcher::eval {
namespace {

/// Draws a bootstrap may take before it resamples less often: keeps a million values within seconds.
constexpr std::size_t draw_budget = 200'000'000;
constexpr std::size_t fewest_resamples = 200;

double mean(std::span<const double> values) {
  return values.empty() ? 0.0 : std::accumulate(values.begin(), values.end(), 0.0) / double(values.size());
}

/// A number below `bound` from 32 random bits (Lemire's multiplication), the same on every platform.
std::size_t below(std::uint64_t bits, std::size_t bound) { return std::size_t(((bits & 0xffffffffu) * bound) >> 32); }

double resampled_mean(std::span<const double> values, std::mt19937_64& random) {
  double sum = 0;
  for (std::size_t i = 0; i < values.size(); i += 2) {
    const auto bits = random();
    sum += values[below(bits, values.size())];
    if (i + 1 < values.size()) sum += values[below(bits >> 32, values.size())];
  }
  return sum / double(values.size());
}

std::vector<double> resampled_means(std::span<const double> values, std::size_t resamples, std::uint64_t seed) {
  const auto affordable = std::max(fewest_resamples, draw_budget / std::max<std::size_t>(1, values.size()));
  std::mt19937_64 random(seed);
  std::vector<double> means(std::min(resamples, affordable));
  for (auto& m : means) m = resampled_mean(values, random);
  std::sort(means.begin(), means.end());
  return means;
}

/// The q-quantile of sorted values, interpolated linearly.
double quantile(const std::vector<double>& sorted, double q) {
  const double at = q * double(sorted.size() - 1);
  const auto lower = std::size_t(at);
  const auto upper = std::min(lower + 1, sorted.size() - 1);
  return sorted[lower] + (at - double(lower)) * (sorted[upper] - sorted[lower]);
}

bool all_hits(std::span<const double> values) {
  return std::all_of(values.begin(), values.end(), [](double v) { return v == 0.0 || v == 1.0; });
}

/// Twice the smaller share of resampled means on either side of 0, never below what the resamples can show.
double bootstrap_p(const std::vector<double>& means) {
  const auto count = [&](auto test) { return double(std::count_if(means.begin(), means.end(), test)); };
  const double side = std::min(count([](double m) { return m <= 0; }), count([](double m) { return m >= 0; }));
  return std::min(1.0, 2 * (side + 1) / (double(means.size()) + 1));
}

}  // namespace

Estimate wilson(std::size_t successes, std::size_t trials, double confidence) {
  if (trials == 0) return {0, 0, 1};
  const double n = double(trials), p = double(successes) / n;
  const double z = boost::math::quantile(boost::math::normal(), 0.5 + confidence / 2);
  const double centre = (p + z * z / (2 * n)) / (1 + z * z / n);
  const double half = z / (1 + z * z / n) * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
  const double low = successes == 0 ? 0 : std::max(0.0, centre - half);
  const double high = successes == trials ? 1 : std::min(1.0, centre + half);
  return {p, low, high};
}

Estimate bootstrap_mean(std::span<const double> values, double confidence, std::size_t resamples, std::uint64_t seed) {
  if (values.empty()) return {0, 0, 1};
  const auto means = resampled_means(values, resamples, seed);
  const double value = mean(values), tail = (1 - confidence) / 2;
  return {value, std::min(value, quantile(means, tail)), std::max(value, quantile(means, 1 - tail))};
}

double mcnemar_p(std::size_t only_a, std::size_t only_b) {
  const auto n = only_a + only_b;
  if (n == 0) return 1;
  const boost::math::binomial coin(double(n), 0.5);
  return std::min(1.0, 2 * boost::math::cdf(coin, double(std::min(only_a, only_b))));
}

Gain paired_gain(std::span<const double> values, std::span<const double> baseline, std::uint64_t seed) {
  if (values.size() != baseline.size()) {
    throw Error(ErrorCode::mismatch, fmt::format("{} values cannot be paired with {} of the baseline", values.size(), baseline.size()));
  }
  if (values.empty()) return {};
  std::vector<double> difference(values.size());
  std::transform(values.begin(), values.end(), baseline.begin(), difference.begin(), std::minus<>());
  const auto means = resampled_means(difference, 1000, seed);
  Gain gain{mean(difference), quantile(means, 0.025), quantile(means, 0.975), bootstrap_p(means)};
  if (all_hits(values) && all_hits(baseline)) {
    gain.p = mcnemar_p(std::size_t(std::count(difference.begin(), difference.end(), 1.0)),
                       std::size_t(std::count(difference.begin(), difference.end(), -1.0)));
  }
  return gain;
}

}  // namespace matcher::eval
