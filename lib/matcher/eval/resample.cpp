#include "matcher/eval/resample.hpp"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <numeric>
#include <random>
#include <unordered_map>

namespace matcher::eval {
namespace {

// Above it the resampled means are taken from the normal distribution they tend to: at such sizes nobody sees a
// difference, and a million queries do not take a minute.
constexpr std::size_t most_draws = 50'000'000;

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

/// What is drawn as one.
struct Unit {
  double sum = 0;
  double size = 0;
};

std::vector<Unit> units_of(std::span<const double> values, Groups groups) {
  std::vector<Unit> units(groups.empty() ? values.size() : 1 + *std::ranges::max_element(groups));
  for (std::size_t i = 0; i < values.size(); ++i) {
    auto& unit = units[groups.empty() ? i : groups[i]];
    unit.sum += values[i];
    unit.size += 1;
  }
  return units;
}

double resampled_mean(const std::vector<Unit>& units, Indices& indices) {
  Unit total;
  for (std::size_t i = 0; i < units.size(); ++i) {
    const auto& unit = units[indices.next()];
    total.sum += unit.sum;
    total.size += unit.size;
  }
  return total.sum / total.size;
}

}  // namespace

std::vector<std::uint32_t> groups_by(std::span<const std::string_view> labels) {
  std::unordered_map<std::string_view, std::uint32_t> numbers;
  std::vector<std::uint32_t> groups;
  groups.reserve(labels.size());
  for (const auto label : labels)
    groups.push_back(numbers.try_emplace(label, std::uint32_t(numbers.size())).first->second);
  return groups;
}

double mean_of(std::span<const double> values) {
  return values.empty() ? 0.0 : std::accumulate(values.begin(), values.end(), 0.0) / double(values.size());
}

double standard_error(std::span<const double> values, Groups groups) {
  if (values.empty()) return 0;
  const double mean = mean_of(values);
  double squares = 0;
  for (const auto& unit : units_of(values, groups)) squares += std::pow(unit.sum - mean * unit.size, 2);
  return std::sqrt(squares) / double(values.size());
}

std::vector<double> resampled_means(std::span<const double> values, Groups groups, std::size_t count,
                                    std::uint64_t seed) {
  if (values.empty()) return {};
  const auto units = units_of(values, groups);
  if (units.size() > most_draws / std::max<std::size_t>(1, count)) return {};
  Indices indices(units.size(), seed);
  std::vector<double> means(count);
  for (auto& mean : means) mean = resampled_mean(units, indices);
  std::ranges::sort(means);
  return means;
}

double quantile(std::span<const double> sorted, double q) {
  const double place = q * double(sorted.size() - 1);
  const auto below = std::size_t(place);
  const auto above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - double(below)) * (sorted[above] - sorted[below]);
}

double normal_quantile(double tail) { return -boost::math::quantile(boost::math::normal(), tail); }
double normal_tail(double z) { return boost::math::cdf(boost::math::normal(), -z); }

Estimate bootstrap_mean(std::span<const double> values, Groups groups, double confidence, std::size_t resamples,
                        std::uint64_t seed) {
  if (values.empty()) return {0, 0, 1};
  const double mean = mean_of(values), tail = 0.5 - confidence / 2;
  const auto means = resampled_means(values, groups, resamples, seed);
  if (!means.empty()) return {mean, quantile(means, tail), quantile(means, 1 - tail)};
  const double half = normal_quantile(tail) * standard_error(values, groups);
  return {mean, mean - half, mean + half};
}

}  // namespace matcher::eval
