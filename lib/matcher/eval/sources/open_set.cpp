#include "matcher/eval/open_set.hpp"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <cmath>
#include <functional>
#include <limits>

namespace matcher::eval {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

std::vector<double> falling(std::span<const double> scores) {
  std::vector<double> sorted(scores.begin(), scores.end());
  std::ranges::sort(sorted, std::greater());
  return sorted;
}

double share(std::size_t part, std::size_t whole) { return whole == 0 ? 0 : double(part) / double(whole); }

/// The smallest float32 threshold that `score` does not reach.
double above(double score) { return std::nextafter(float(score), std::numeric_limits<float>::infinity()); }

std::size_t allowed(std::size_t n, double false_alarms) {
  return std::min(n, std::size_t(std::floor(false_alarms * double(n) + 1e-9)));
}

/// The chance that `alarms` or fewer of `n` unknown queries exceed the true threshold.
double chance(double n, double false_alarms, std::size_t alarms) {
  return double(alarms) >= n ? 1 : boost::math::cdf(boost::math::binomial(n, false_alarms), double(alarms));
}

constexpr std::size_t draws = 1000;

double variance_of_mean(std::span<const double> values, Groups products) {
  const auto means = resampled_means(values, products, draws, 1);
  if (means.empty()) return std::pow(standard_error(values, products), 2);
  const double mean = mean_of(means);
  double squares = 0;
  for (const double one : means) squares += (one - mean) * (one - mean);
  return squares / double(means.size() - 1);
}

bool is_independent(std::size_t queries, Groups products) {
  return products.empty() || count_products(products) == queries;
}

/// The number of independent queries that know as much about the share of scores from `threshold` on.
double independent_queries(std::span<const double> scores, Groups products, double threshold) {
  const double n = double(scores.size());
  if (is_independent(scores.size(), products)) return n;
  std::vector<double> alarms;
  for (const double score : scores) alarms.push_back(score >= threshold);
  const double p = mean_of(alarms), variance = variance_of_mean(alarms, products);
  return variance > 0 ? std::clamp(p * (1 - p) / variance, 1.0, n) : n;
}

}  // namespace

OperatingPoint operating_point(std::span<const KnownQuery> known, std::span<const double> unknown, double threshold) {
  const auto reaches = [&](double score) { return score >= threshold; };
  const auto alarms = std::size_t(std::ranges::count_if(unknown, reaches));
  const auto accepted = std::size_t(std::ranges::count_if(known, reaches, &KnownQuery::score));
  const auto right = [&](const KnownQuery& query) { return query.right && reaches(query.score); };
  const auto detected = std::size_t(std::ranges::count_if(known, right));
  return {threshold, share(alarms, unknown.size()), share(accepted, known.size()), share(detected, known.size())};
}

std::vector<OperatingPoint> detection_curve(std::span<const KnownQuery> known, std::span<const double> unknown,
                                            std::size_t most) {
  const auto scores = falling(unknown);
  std::vector<OperatingPoint> points;
  if (scores.empty()) return points;
  points.push_back(operating_point(known, unknown, above(scores[0])));
  const auto step = std::max<std::size_t>(1, (scores.size() + most - 2) / (most - 1));
  for (std::size_t i = 0; i < scores.size(); i += step) {
    const auto last = std::min(i + step, scores.size()) - 1;
    points.push_back(operating_point(known, unknown, scores[last]));
  }
  return points;
}

double area_under_curve(std::span<const KnownQuery> known, std::span<const double> unknown) {
  if (known.empty() || unknown.empty()) return 0.5;
  std::vector<double> sorted(unknown.begin(), unknown.end());
  std::ranges::sort(sorted);
  double wins = 0;
  for (const auto& query : known) {
    const auto [first, last] = std::equal_range(sorted.begin(), sorted.end(), query.score);
    wins += double(first - sorted.begin()) + 0.5 * double(last - first);
  }
  return wins / (double(known.size()) * double(unknown.size()));
}

Threshold threshold_for(std::span<const double> unknown, double false_alarms, Groups products) {
  const auto scores = falling(unknown);
  const auto n = scores.size();
  const auto score_at = [&](double i) { return i < double(n) ? above(scores[std::size_t(i)]) : -infinity; };
  const double value = score_at(double(allowed(n, false_alarms)));
  const double independent = n == 0 ? 0 : independent_queries(unknown, products, std::nextafter(float(value), -2.0f));
  // The i-th highest score (from 0) is below the true threshold with the chance that i or fewer exceed that.
  std::size_t upper = 0, lower = 0;
  while (double(lower) < independent && chance(independent, false_alarms, lower) < 0.975) ++lower;
  while (double(upper) < independent && chance(independent, false_alarms, upper) <= 0.025) ++upper;
  const double each = independent > 0 ? double(n) / independent : 1;  // queries that count as one
  const auto low = score_at(std::ceil(double(lower) * each - 1e-9));
  const auto high = upper == 0 ? infinity : score_at(std::floor(double(upper) * each + 1e-9) - 1);
  return {value, std::min(low, value), std::max(high, value)};
}

std::size_t count_products(Groups products) {
  return products.empty() ? 0 : std::size_t(1) + *std::ranges::max_element(products);
}

Estimate share_of(std::span<const double> values, Groups products) {
  const double mean = mean_of(values);
  const bool is_equal = mean == 0 || mean == 1;
  if (!is_equal && !is_independent(values.size(), products)) return bootstrap_mean(values, products);
  const auto trials = is_equal && !products.empty() ? count_products(products) : values.size();
  return wilson(std::size_t(std::lround(mean * double(trials))), trials);
}

std::size_t unknown_queries_needed(double false_alarms) {
  if (false_alarms <= 0) return std::numeric_limits<std::size_t>::max();
  return std::size_t(std::ceil(std::log(0.025) / std::log1p(-std::min(false_alarms, 0.999))));
}

}  // namespace matcher::eval
