#include "matcher/image/resize.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "matcher/image/codec/limits.hpp"
#include "matcher/image/resize/columns.hpp"

// With AVX2 each 32-bit product of add_row() is one instruction, before it several. The loader chooses.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define MATCHER_FAST_CLONE [[gnu::target_clones("avx2", "default")]]
#else
#define MATCHER_FAST_CLONE
#endif

namespace matcher::image {
namespace {

// Separable antialiased resampling that agrees with Pillow 13 to the bit: weights are rounded to 22 fractional bits,
// and each pass ends in 8 bits, so the order of the passes matters.

constexpr double pi = std::numbers::pi;
constexpr std::int32_t half = 1 << (fraction_bits - 1);

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

std::vector<std::int32_t> fixed_point(const std::vector<double>& weights) {
  double sum = 0;
  for (const double weight : weights) sum += weight;
  std::vector<std::int32_t> rounded;
  rounded.reserve(weights.size());
  for (const double weight : weights) {
    const double scaled = (sum == 0 ? weight : weight / sum) * (1 << fraction_bits);
    rounded.push_back(static_cast<std::int32_t>(scaled < 0 ? scaled - 0.5 : scaled + 0.5));
  }
  return rounded;
}

// Shrinking widens the kernel by the same factor: this is the antialiasing.
Taps taps_of(int output, int from, int to, Filter filter) {
  const double scale = double(from) / to;
  const double stretch = std::max(scale, 1.0);
  const double centre = (output + 0.5) * scale;
  const double reach = radius(filter) * stretch;
  const int first = std::max(0, static_cast<int>(centre - reach + 0.5));
  const int last = std::min(from, static_cast<int>(centre + reach + 0.5));
  std::vector<double> weights;
  weights.reserve(std::size_t(last - first));
  for (int x = first; x < last; ++x) weights.push_back(kernel(filter, (x - centre + 0.5) * (1.0 / stretch)));
  return {first, fixed_point(weights)};
}

std::vector<Taps> axis(int from, int to, Filter filter, int begin, int count) {
  std::vector<Taps> taps;
  for (int output = begin; output < begin + count; ++output) taps.push_back(taps_of(output, from, to, filter));
  return taps;
}

std::uint8_t to_byte(std::int32_t sum) { return static_cast<std::uint8_t>(std::clamp(sum >> fraction_bits, 0, 255)); }

MATCHER_FAST_CLONE
void add_row(const std::uint8_t* from, std::int32_t weight, std::int32_t* sums, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) sums[i] += from[i] * weight;
}

// `image` has the rows of the source from `first_row` on.
Image combine_rows(const Image& image, const std::vector<Taps>& rows, int first_row) {
  const std::size_t count = std::size_t(image.width) * 3;
  Image result{image.width, static_cast<int>(rows.size()), std::vector<std::uint8_t>(count * rows.size())};
  std::vector<std::int32_t> sums(count);
  for (std::size_t y = 0; y < rows.size(); ++y) {
    std::fill(sums.begin(), sums.end(), half);
    int source = rows[y].first - first_row;
    for (const std::int32_t weight : rows[y].weights) add_row(image.row(source++), weight, sums.data(), count);
    std::transform(sums.begin(), sums.end(), result.row(static_cast<int>(y)), to_byte);
  }
  return result;
}

// Pillow 13 begins with the rows if that drops far more of them; earlier versions never did (python-pillow #9549).
bool begins_with_rows(const Image& image, Size size) {
  const std::int64_t dropped_rows = std::int64_t(image.height) - size.height;
  return dropped_rows > 0 && dropped_rows > 2 * (std::int64_t(image.width) - size.width);
}

// The source sample of each output sample in [begin, begin + count); the sum rounds as in Pillow's ImagingScaleAffine.
std::vector<int> nearest_samples(int from, int to, int begin, int count) {
  const double step = double(from) / to;
  std::vector<int> samples;
  double at = step * 0.5;
  for (int output = 0; output < begin + count; ++output, at += step)
    if (output >= begin) samples.push_back(std::min(static_cast<int>(at), from - 1));
  return samples;
}

Image pick_nearest(const Image& image, Size size, const Window& window) {
  const auto columns = nearest_samples(image.width, size.width, window.left, window.width);
  Image result{window.width, window.height, {}};
  result.rgb.reserve(std::size_t(window.width) * std::size_t(window.height) * 3);
  for (const int y : nearest_samples(image.height, size.height, window.top, window.height))
    for (const int x : columns) {
      const std::uint8_t* pixel = image.row(y) + std::size_t(x) * 3;
      result.rgb.insert(result.rgb.end(), pixel, pixel + 3);
    }
  return result;
}

}  // namespace

Image resize_part(const Image& image, Size size, Filter filter, const Window& window) {
  check_size(image.width, image.height);
  check_size(window.width, window.height);
  if (filter == Filter::nearest) return pick_nearest(image, size, window);
  const auto rows = axis(image.height, size.height, filter, window.top, window.height);
  if (size.width == image.width && window.width == size.width) return combine_rows(image, rows, 0);
  const auto columns = axis(image.width, size.width, filter, window.left, window.width);
  if (begins_with_rows(image, size)) return combine_columns(combine_rows(image, rows, 0), columns, 0, window.height);
  const int first_row = rows.front().first;
  return combine_rows(combine_columns(image, columns, first_row, rows.back().last()), rows, first_row);
}

Image resize(const Image& image, Size size, Filter filter) {
  if (size == Size{image.height, image.width}) return image;
  return resize_part(image, size, filter, {0, 0, size.width, size.height});
}

}  // namespace matcher::image
