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
double chance(std::size_t n, double false_alarms, std::size_t alarms) {
  return alarms >= n ? 1 : boost::math::cdf(boost::math::binomial(double(n), false_alarms), double(alarms));
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

Threshold threshold_for(std::span<const double> unknown, double false_alarms) {
  const auto scores = falling(unknown);
  const auto n = scores.size();
  // The i-th highest score (from 0) is below the true threshold with the chance that i or fewer exceed that.
  const auto score_at = [&](std::size_t i) { return i < n ? above(scores[i]) : -infinity; };
  std::size_t upper = 0, lower = 0;
  while (lower < n && chance(n, false_alarms, lower) < 0.975) ++lower;
  while (upper < n && chance(n, false_alarms, upper) <= 0.025) ++upper;
  const auto high = upper == 0 ? infinity : score_at(upper - 1);
  return {score_at(allowed(n, false_alarms)), lower < n ? score_at(lower) : -infinity, high};
}

std::size_t unknown_queries_needed(double false_alarms) {
  if (false_alarms <= 0) return std::numeric_limits<std::size_t>::max();
  return std::size_t(std::ceil(std::log(0.025) / std::log1p(-std::min(false_alarms, 0.999))));
}

}  // namespace matcher::eval
