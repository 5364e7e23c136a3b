#include "matcher/image/resize/weights.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>

namespace matcher::image {
namespace {

constexpr double pi = std::numbers::pi;

double triangle(double x) { return std::max(0.0, 1.0 - std::abs(x)); }

// Keys' cubic with a = -1/2.
double cubic(double x) {
  x = std::abs(x);
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * -0.5;
  return 0;
}

double sinc(double x) { return x == 0 ? 1 : std::sin(x * pi) / (x * pi); }

double lanczos(double x) { return x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0; }

// Pillow's factors are floats.
double hamming(double x) {
  x = std::abs(x);
  return x >= 1 ? 0 : sinc(x) * (double(0.54f) + double(0.46f) * std::cos(x * pi));
}

double kernel(Filter filter, double x) {
  switch (filter) {
    case Filter::bicubic:
      return cubic(x);
    case Filter::lanczos:
      return lanczos(x);
    case Filter::hamming:
      return hamming(x);
    case Filter::box:
      return x > -0.5 && x <= 0.5 ? 1 : 0;
    default:
      return triangle(x);
  }
}

double radius(Filter filter) {
  if (filter == Filter::lanczos) return 3;
  if (filter == Filter::bicubic) return 2;
  return filter == Filter::box ? 0.5 : 1;
}

void divide_by_sum(std::vector<double>& weights) {
  double sum = 0;
  for (const double weight : weights) sum += weight;
  if (sum == 0) return;
  for (double& weight : weights) weight /= sum;
}

}  // namespace

// Shrinking widens the kernel by the same factor: this is the antialiasing.
Weights weights_of(int output, int from, int to, Filter filter) {
  const double scale = double(from) / to;
  const double stretch = std::max(scale, 1.0);
  const double centre = (output + 0.5) * scale;
  const double reach = radius(filter) * stretch;
  const int first = std::max(0, static_cast<int>(centre - reach + 0.5));
  const int last = std::min(from, static_cast<int>(centre + reach + 0.5));
  Weights weights{first, {}};
  weights.values.reserve(std::size_t(last - first));
  for (int x = first; x < last; ++x) weights.values.push_back(kernel(filter, (x - centre + 0.5) * (1.0 / stretch)));
  divide_by_sum(weights.values);
  return weights;
}

}  // namespace matcher::image
