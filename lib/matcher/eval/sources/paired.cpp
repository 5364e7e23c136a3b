#include "matcher/eval/paired.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

#include "matcher/core/error.hpp"

namespace matcher::eval {
namespace {

constexpr std::size_t gain_resamples = 10'000;
constexpr double confidence = 0.95, power = 0.80;

/// Twice the share of resampled means on the far side of 0. Adds one to both counts, so that p is never 0.
double bootstrap_p(std::span<const double> sorted_means) {
  const auto [first, last] = std::equal_range(sorted_means.begin(), sorted_means.end(), 0.0);
  const auto not_above = std::size_t(last - sorted_means.begin()), not_below = std::size_t(sorted_means.end() - first);
  return std::min(1.0, 2 * double(std::min(not_above, not_below) + 1) / double(sorted_means.size() + 1));
}

double normal_p(double mean, double error) {
  return error == 0 ? (mean == 0 ? 1.0 : 0.0) : 2 * normal_tail(std::abs(mean) / error);
}

/// The smallest possible p: the chance that all independent queries (or groups) gain, or all lose, if neither side is
/// better. The bootstrap alone would call two products enough.
double smallest_p(std::size_t queries, Groups groups) {
  const auto independent = groups.empty() ? queries : std::size_t(*std::ranges::max_element(groups)) + 1;
  return std::exp2(1 - double(independent));
}

/// `means` of resampled differences, sorted; empty: uses the normal distribution.
Gain bootstrap_gain(std::span<const double> differences, Groups groups, std::span<const double> means) {
  const double mean = mean_of(differences), error = standard_error(differences, groups), tail = 0.5 - confidence / 2;
  const double half = normal_quantile(tail) * error;
  const double p =
      std::max(means.empty() ? normal_p(mean, error) : bootstrap_p(means), smallest_p(differences.size(), groups));
  const double low = means.empty() ? mean - half : quantile(means, tail);
  const double high = means.empty() ? mean + half : quantile(means, 1 - tail);
  return {mean, low, high, p, p, detectable_mean(error), "bootstrap"};
}

Gain rate_gain(const Discordant& counts) {
  const auto interval = tango(counts, confidence);
  const double p = mcnemar_p(counts.up, counts.down), share = double(counts.up + counts.down) / double(counts.n);
  return {interval.value, interval.low, interval.high, p, p, detectable_rate(share, counts.n), "mcnemar"};
}

/// The delta in [low, high] at which the falling score is `target`.
double crossing(const Discordant& counts, double target, double low, double high) {
  for (int step = 0; step < 60; ++step) {
    const double middle = (low + high) / 2;
    (tango_score(counts, middle) > target ? low : high) = middle;
  }
  return (low + high) / 2;
}

}  // namespace

std::vector<double> differences_of(std::span<const double> values, std::span<const double> baseline) {
  if (values.size() != baseline.size()) {
    throw Error(ErrorCode::mismatch,
                fmt::format("cannot compare {} queries with {} of the baseline; compare runs over the same dataset",
                            values.size(), baseline.size()));
  }
  std::vector<double> differences(values.size());
  std::ranges::transform(values, baseline, differences.begin(), std::minus());
  return differences;
}

bool all_zero_or_one(std::span<const double> values) {
  return std::ranges::all_of(values, [](double value) { return value == 0 || value == 1; });
}

Discordant discordant_of(std::span<const double> differences) {
  const auto up = std::ranges::count_if(differences, [](double d) { return d > 0; });
  const auto down = std::ranges::count_if(differences, [](double d) { return d < 0; });
  return {std::size_t(up), std::size_t(down), differences.size()};
}

double mcnemar_p(std::size_t only_a, std::size_t only_b) {
  if (only_a == only_b) return 1;
  const boost::math::binomial coin(double(only_a + only_b), 0.5);
  const double p = 2 * boost::math::cdf(coin, double(std::min(only_a, only_b)));
  return std::clamp(p, std::numeric_limits<double>::min(), 1.0);  // never 0, also if the sum is too small for a double
}

double tango_score(const Discordant& counts, double delta) {
  const double n = double(counts.n), up = double(counts.up), down = double(counts.down);
  const double b = (2 * n - up + down) * delta - up - down, c = -down * delta * (1 - delta);
  const double share = (std::sqrt(std::max(0.0, b * b - 8 * n * c)) - b) / (4 * n);
  const double variance = n * (2 * share + delta * (1 - delta));
  const double distance = up - down - n * delta;
  if (variance <= 0) return distance == 0 ? 0 : std::copysign(std::numeric_limits<double>::infinity(), distance);
  return distance / std::sqrt(variance);
}

Estimate tango(const Discordant& counts, double level) {
  if (counts.n == 0) return {0, -1, 1};
  const double value = (double(counts.up) - double(counts.down)) / double(counts.n);
  const double z = normal_quantile(0.5 - level / 2);
  return {value, crossing(counts, z, -1, value), crossing(counts, -z, value, 1)};
}

std::vector<double> holm(std::span<const double> p) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::sort(order, {}, [&](std::size_t i) { return p[i]; });
  std::vector<double> corrected(p.size());
  double least = 0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    least = std::max(least, std::min(1.0, double(p.size() - rank) * p[order[rank]]));
    corrected[order[rank]] = least;
  }
  return corrected;
}

void correct(std::span<Gain* const> family) {
  std::vector<double> p;
  for (const auto* gain : family) p.push_back(gain->p);
  const auto corrected = holm(p);
  for (std::size_t i = 0; i < family.size(); ++i) family[i]->p_corrected = corrected[i];
}

double detectable_rate(double discordant_rate, std::size_t n) {
  const double z = normal_quantile(0.5 - confidence / 2), z_power = normal_quantile(1 - power), count = double(n);
  if (n == 0) return 1;
  const double under_root = std::max(0.0, count + z_power * z_power - z * z);
  const double k = (z * std::sqrt(count) + z_power * std::sqrt(under_root)) / (count + z_power * z_power);
  return std::min(1.0, k * std::max(std::sqrt(discordant_rate), k));
}

double detectable_mean(double error) {
  if (error == 0) return std::numeric_limits<double>::quiet_NaN();
  return (normal_quantile(0.5 - confidence / 2) + normal_quantile(1 - power)) * error;
}

std::vector<Gain> paired_gains(std::span<const std::vector<double>> values,
                               std::span<const std::vector<double>> baseline, Groups groups, std::uint64_t seed) {
  std::vector<Gain> gains(values.size());
  std::vector<std::vector<double>> differences;
  std::vector<std::size_t> metrics;  // the metric of each series of differences
  for (std::size_t m = 0; m < values.size(); ++m) {
    auto its = differences_of(values[m], baseline[m]);
    if (its.empty()) continue;
    if (groups.empty() && all_zero_or_one(values[m]) && all_zero_or_one(baseline[m])) {
      gains[m] = rate_gain(discordant_of(its));
    } else {
      differences.push_back(std::move(its));
      metrics.push_back(m);
    }
  }
  const auto means = resampled_means(differences, groups, gain_resamples, seed);
  for (std::size_t i = 0; i < metrics.size(); ++i) gains[metrics[i]] = bootstrap_gain(differences[i], groups, means[i]);
  return gains;
}

Gain paired_gain(std::span<const double> values, std::span<const double> baseline, Groups groups, std::uint64_t seed) {
  const std::vector<double> its(values.begin(), values.end()), other(baseline.begin(), baseline.end());
  return paired_gains(std::span(&its, 1), std::span(&other, 1), groups, seed)[0];
}

}  // namespace matcher::eval
