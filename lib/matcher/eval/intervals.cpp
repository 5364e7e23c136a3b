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

// Above it the resampled means are taken from the normal distribution they tend to: at such sizes nobody sees a
// difference, and a million queries do not take a minute.
constexpr std::size_t most_draws = 50'000'000;
constexpr std::size_t gain_resamples = 10'000;

double critical_value(double confidence) { return boost::math::quantile(boost::math::normal(), 0.5 + confidence / 2); }

double mean_of(std::span<const double> values) {
  return values.empty() ? 0.0 : std::accumulate(values.begin(), values.end(), 0.0) / double(values.size());
}

double standard_error(std::span<const double> values, double mean) {
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return std::sqrt(squares) / double(values.size());
}

/// Indices in [0, n) for n below 2^32, two a draw. Unlike std::uniform_int_distribution the same on every platform.
class Indices {
 public:
  Indices(std::size_t n, std::uint64_t seed) : n_(n), random_(seed) {}
  std::size_t next() {
    half_ = !half_;
    if (half_) bits_ = random_();
    const auto word = half_ ? bits_ >> 32 : bits_ & 0xffffffff;
    return std::size_t((word * n_) >> 32);
  }

 private:
  std::uint64_t n_;
  std::mt19937_64 random_;
  std::uint64_t bits_ = 0;
  bool half_ = false;
};

/// Sorted means of `count` samples drawn with replacement.
std::vector<double> resampled_means(std::span<const double> values, std::size_t count, std::uint64_t seed) {
  Indices indices(values.size(), seed);
  std::vector<double> means(count);
  for (auto& mean : means) {
    double sum = 0;
    for (std::size_t i = 0; i < values.size(); ++i) sum += values[indices.next()];
    mean = sum / double(values.size());
  }
  std::ranges::sort(means);
  return means;
}

/// Linear between order statistics, as numpy.percentile.
double quantile(std::span<const double> sorted, double q) {
  const double place = q * double(sorted.size() - 1);
  const auto below = std::size_t(place);
  const auto above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - double(below)) * (sorted[above] - sorted[below]);
}

Estimate percentile_interval(double mean, std::span<const double> sorted_means, double confidence) {
  return {mean, quantile(sorted_means, 0.5 - confidence / 2), quantile(sorted_means, 0.5 + confidence / 2)};
}

bool too_many(std::size_t values, std::size_t resamples) {
  return values > most_draws / std::max<std::size_t>(1, resamples);
}

bool all_zero_or_one(std::span<const double> values) {
  return std::ranges::all_of(values, [](double value) { return value == 0 || value == 1; });
}

double mcnemar_of(std::span<const double> values, std::span<const double> baseline) {
  std::size_t only_values = 0, only_baseline = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    only_values += values[i] > baseline[i];
    only_baseline += values[i] < baseline[i];
  }
  return mcnemar_p(only_values, only_baseline);
}

/// Twice the share of resampled means on the far side of 0. One is added to both counts, so that p is never 0.
double bootstrap_p(std::span<const double> sorted_means) {
  const auto [first, last] = std::equal_range(sorted_means.begin(), sorted_means.end(), 0.0);
  const auto not_above = std::size_t(last - sorted_means.begin()), not_below = std::size_t(sorted_means.end() - first);
  return std::min(1.0, 2 * double(std::min(not_above, not_below) + 1) / double(sorted_means.size() + 1));
}

double normal_p(double mean, double error) {
  return error == 0 ? (mean == 0 ? 1.0 : 0.0) : 2 * boost::math::cdf(boost::math::normal(), -std::abs(mean) / error);
}

/// The gain of `differences` with the p of the bootstrap.
Gain bootstrap_gain(std::span<const double> differences, std::uint64_t seed) {
  const double mean = mean_of(differences);
  if (too_many(differences.size(), gain_resamples)) {
    const double error = standard_error(differences, mean);
    const double z = critical_value(0.95);
    return {mean, mean - z * error, mean + z * error, normal_p(mean, error)};
  }
  const auto means = resampled_means(differences, gain_resamples, seed);
  const auto interval = percentile_interval(mean, means, 0.95);
  return {mean, interval.low, interval.high, bootstrap_p(means)};
}

}  // namespace

Estimate wilson(std::size_t successes, std::size_t trials, double confidence) {
  if (trials == 0) return {0, 0, 1};
  const double n = double(trials), p = double(successes) / n, z = critical_value(confidence);
  const double centre = p + z * z / (2 * n);
  const double half = z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
  const double scale = 1 + z * z / n;
  return {p, successes == 0 ? 0.0 : (centre - half) / scale, successes == trials ? 1.0 : (centre + half) / scale};
}

Estimate bootstrap_mean(std::span<const double> values, double confidence, std::size_t resamples, std::uint64_t seed) {
  if (values.empty()) return {0, 0, 1};
  const double mean = mean_of(values);
  if (!too_many(values.size(), resamples)) {
    return percentile_interval(mean, resampled_means(values, resamples, seed), confidence);
  }
  const double half = critical_value(confidence) * standard_error(values, mean);
  return {mean, mean - half, mean + half};
}

double mcnemar_p(std::size_t only_a, std::size_t only_b) {
  if (only_a == only_b) return 1;
  const boost::math::binomial coin(double(only_a + only_b), 0.5);
  return std::min(1.0, 2 * boost::math::cdf(coin, double(std::min(only_a, only_b))));
}

Gain paired_gain(std::span<const double> values, std::span<const double> baseline, std::uint64_t seed) {
  if (values.size() != baseline.size()) {
    throw Error(ErrorCode::mismatch,
                fmt::format("cannot compare {} queries with {} of the baseline; compare runs over the "
                            "same dataset",
                            values.size(), baseline.size()));
  }
  if (values.empty()) return {};
  std::vector<double> differences(values.size());
  std::ranges::transform(values, baseline, differences.begin(), std::minus());
  if (std::ranges::all_of(differences, [](double d) { return d == 0; })) return {};
  auto gain = bootstrap_gain(differences, seed);
  if (all_zero_or_one(values) && all_zero_or_one(baseline)) gain.p = mcnemar_of(values, baseline);
  return gain;
}

}  // namespace matcher::eval
