#include "matcher/eval/resample.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <numeric>
#include <thread>
#include <unordered_map>

#include "matcher/core/error.hpp"
#include "matcher/process/parallel.hpp"

namespace matcher::eval {
namespace {

// Above it the normal distribution replaces the resampled means: at such sizes the two are equal in every digit that is
// shown, and a million queries would take a minute.
constexpr std::size_t most_draws = 50'000'000;

/// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): four times as fast as a Mersenne Twister, which took half of the
/// time of `compare`.
class Random {
 public:
  /// Starts after `drawn` numbers: the state is a counter.
  Random(std::uint64_t seed, std::uint64_t drawn) : state_(seed + drawn * step) {}
  std::uint64_t next() {
    auto z = state_ += step;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }

 private:
  static constexpr std::uint64_t step = 0x9e3779b97f4a7c15;
  std::uint64_t state_;
};

/// Pairs of indices in [0, n) for n below 2^32. Unlike std::uniform_int_distribution the same on every platform.
class Indices {
 public:
  /// Starts after `samples` samples of n.
  Indices(std::size_t n, std::uint64_t seed, std::size_t samples)
      : n_(n), random_(seed, samples * ((std::uint64_t(n) + 1) / 2)) {}
  std::pair<std::size_t, std::size_t> next() {
    const auto bits = random_.next();
    return {std::size_t(((bits >> 32) * n_) >> 32), std::size_t(((bits & 0xffffffff) * n_) >> 32)};
  }

 private:
  std::uint64_t n_;
  Random random_;
};

/// Draws `count` indices: calls pair(a, b) for each two of them, and one(a) for the last of an odd count.
template <class Pair, class One>
void draw(std::size_t count, Indices& indices, Pair pair, One one) {
  for (std::size_t i = 1; i < count; i += 2) {
    const auto [a, b] = indices.next();
    pair(a, b);
  }
  if (count % 2 == 1) one(indices.next().first);
}

/// A query, or a group of queries, that is drawn as a whole.
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

double resampled_mean(std::span<const Unit> units, Indices& indices) {
  Unit total;
  const auto add = [&](std::size_t i) {
    total.sum += units[i].sum;
    total.size += units[i].size;
  };
  draw(
      units.size(), indices, [&](std::size_t a, std::size_t b) { add(a), add(b); }, add);
  return total.sum / total.size;
}

/// The values of a query in two series: drawing the query takes longer than adding two values.
using Two = std::array<double, 2>;

void operator+=(Two& sum, const Two& more) {
  sum[0] += more[0];
  sum[1] += more[1];
}

/// The mean of a sample of single queries. Two sums per series, so that no addition waits for the one before.
Two resampled_mean(std::span<const Two> values, Indices& indices) {
  Two even{}, odd{};
  draw(
      values.size(), indices, [&](std::size_t a, std::size_t b) { even += values[a], odd += values[b]; },
      [&](std::size_t a) { even += values[a]; });
  even += odd;
  return {even[0] / double(values.size()), even[1] / double(values.size())};
}

constexpr std::size_t block = 1000;  ///< samples per piece of work

/// Calls keep(sample, mean) for each of `count` samples, on all threads.
template <class Value, class Keep>
void for_each_sample(std::span<const Value> values, std::size_t count, std::uint64_t seed, const Keep& keep) {
  in_parallel((count + block - 1) / block, std::thread::hardware_concurrency(), [&](std::size_t b) {
    Indices indices(values.size(), seed, b * block);
    for (std::size_t i = b * block; i < std::min(count, (b + 1) * block); ++i) keep(i, resampled_mean(values, indices));
  });
}

/// Joins the first two series by query; a missing second series is 0.
std::vector<Two> side_by_side(std::span<const std::vector<double>> series) {
  std::vector<Two> values(series[0].size());
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = {series[0][i], series.size() > 1 ? series[1][i] : 0};
  return values;
}

using Series = std::span<const std::vector<double>>;
using Means = std::span<std::vector<double>>;

void draw_queries(Series series, std::uint64_t seed, Means means) {
  for (std::size_t s = 0; s < series.size(); s += 2) {
    const auto values = side_by_side(series.subspan(s));
    for_each_sample(std::span(values), means[s].size(), seed, [&](std::size_t i, const Two& mean) {
      means[s][i] = mean[0];
      if (s + 1 < means.size()) means[s + 1][i] = mean[1];
    });
  }
}

void draw_groups(Series series, Groups groups, std::uint64_t seed, Means means) {
  for (std::size_t s = 0; s < series.size(); ++s) {
    const auto units = units_of(series[s], groups);
    for_each_sample(std::span(units), means[s].size(), seed, [&](std::size_t i, double mean) { means[s][i] = mean; });
  }
}

}  // namespace

Resample parse_resample(const std::string& text) {
  if (text == "query") return Resample::query;
  if (text == "label") return Resample::label;
  throw Error(ErrorCode::usage, fmt::format("unknown unit of resampling \"{}\"; use query or label", text));
}

const char* name_of(Resample resample) { return resample == Resample::label ? "label" : "query"; }

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

std::vector<std::vector<double>> resampled_means(std::span<const std::vector<double>> series, Groups groups,
                                                 std::size_t count, std::uint64_t seed) {
  std::vector<std::vector<double>> means(series.size());
  if (series.empty() || series[0].empty()) return means;
  const auto drawn = groups.empty() ? series[0].size() : 1 + *std::ranges::max_element(groups);
  if (drawn > most_draws / std::max<std::size_t>(1, count)) return means;
  for (auto& its : means) its.resize(count);
  if (groups.empty()) {
    draw_queries(series, seed, means);
  } else {
    draw_groups(series, groups, seed, means);
  }
  for (auto& its : means) std::ranges::sort(its);
  return means;
}

std::vector<double> resampled_means(std::span<const double> values, Groups groups, std::size_t count,
                                    std::uint64_t seed) {
  const std::vector<double> one(values.begin(), values.end());
  return std::move(resampled_means(std::span(&one, 1), groups, count, seed)[0]);
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
