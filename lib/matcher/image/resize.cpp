#include "matcher/image/resize.hpp"

#include <algorithm>
#include <utility>

#include "matcher/image/codec/limits.hpp"
#include "matcher/image/resize/clone.hpp"
#include "matcher/image/resize/columns.hpp"
#include "matcher/image/resize/weights.hpp"

namespace matcher::image {
namespace {

// Separable antialiased resampling that agrees with Pillow 13 to the bit: weights are rounded to 22 fractional bits,
// and each pass ends in 8 bits, so the order of the passes matters.

constexpr std::int32_t half = 1 << (fraction_bits - 1);

Taps fixed_point(const Weights& weights) {
  std::vector<std::int32_t> rounded;
  rounded.reserve(weights.values.size());
  for (const double weight : weights.values) {
    const double scaled = weight * (1 << fraction_bits);
    rounded.push_back(static_cast<std::int32_t>(scaled < 0 ? scaled - 0.5 : scaled + 0.5));
  }
  return {weights.first, std::move(rounded)};
}

std::vector<Taps> axis(int from, int to, Filter filter, int begin, int count) {
  std::vector<Taps> taps;
  for (int output = begin; output < begin + count; ++output)
    taps.push_back(fixed_point(weights_of(output, from, to, filter)));
  return taps;
}

std::uint8_t to_byte(std::int32_t sum) { return static_cast<std::uint8_t>(std::clamp(sum >> fraction_bits, 0, 255)); }

// With AVX2 each 32-bit product is one instruction, before it several.
MATCHER_FAST_CLONE
void add_row(const std::uint8_t* from, std::int32_t weight, std::int32_t* sums, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i)  // wraps, as Pillow's sums do
    sums[i] = std::int32_t(std::uint32_t(sums[i]) + std::uint32_t(from[i]) * std::uint32_t(weight));
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
