#include "matcher/eval/two_samples.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace matcher::eval {
namespace {

constexpr double most_exact = 1e7, least_p = 1e-15;

std::vector<double> sorted(std::span<const double> values) {
  std::vector<double> copy(values.begin(), values.end());
  std::ranges::sort(copy);
  return copy;
}

double largest_distance(const std::vector<double>& a, const std::vector<double>& b) {
  double largest = 0;
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    const double value = std::min(a[i], b[j]);
    while (i < a.size() && a[i] == value) ++i;
    while (j < b.size() && b[j] == value) ++j;
    largest = std::max(largest, std::abs(double(i) / double(a.size()) - double(j) / double(b.size())));
  }
  return largest;
}

/// The share of all orders of m and n values whose distance stays below `distance`: the chance that a random path from
/// (0, 0) to (m, n) keeps near the diagonal. All numbers are probabilities, so none overflows.
double share_below(double distance, std::size_t m, std::size_t n) {
  const double all = double(m) * double(n);
  const double limit = (0.5 + std::floor(distance * all - 1e-7)) / all;
  const auto is_far = [&](std::size_t i, std::size_t j) {
    return std::abs(double(i) / double(m) - double(j) / double(n)) > limit;
  };
  std::vector<double> reached(n + 1);  // the chance of reaching (i, j)
  reached[0] = 1;
  for (std::size_t i = 0; i <= m; ++i) {
    for (std::size_t j = 0; j <= n; ++j) {
      const double left = double(m - i + n - j + 1);  // steps to go from the point before
      if (i > 0) reached[j] *= double(m - i + 1) / left;
      if (j > 0) reached[j] += reached[j - 1] * double(n - j + 1) / left;
      if (is_far(i, j)) reached[j] = 0;
    }
  }
  return reached[n];
}

/// Kolmogorov's limit of P(distance >= z / sqrt(nm / (n + m))).
double limit_p(double z) {
  double sum = 0;
  for (int k = 1; k <= 100; ++k) sum += (k % 2 ? 2 : -2) * std::exp(-2 * k * k * z * z);
  return z < 0.2 ? 1 : sum;  // below, the series converges slowly and p is 1 to 12 digits
}

}  // namespace

DistanceTest test_same_distribution(std::span<const double> a, std::span<const double> b) {
  if (a.empty() || b.empty()) return {};
  const double n = double(a.size()), m = double(b.size());
  DistanceTest test{largest_distance(sorted(a), sorted(b))};
  test.p = n * m <= most_exact
               ? 1 - share_below(test.distance, std::min(a.size(), b.size()), std::max(a.size(), b.size()))
               : limit_p(test.distance * std::sqrt(n * m / (n + m)));
  test.p = std::clamp(test.p, least_p, 1.0);
  return test;
}

}  // namespace matcher::eval
