#include "matcher/image/resize/floats.hpp"

#include <algorithm>
#include <cstddef>
#include <stdexcept>

#include "matcher/image/codec/limits.hpp"
#include "matcher/image/resize/clone.hpp"
#include "matcher/image/resize/weights.hpp"

namespace matcher::image {
namespace {

struct FloatTaps {
  int first = 0;
  std::vector<float> weights;
};

using Axis = std::vector<FloatTaps>;

Axis make_axis(int from, int to, Filter filter, int begin, int count) {
  Axis axis;
  for (int output = begin; output < begin + count; ++output) {
    const auto weights = weights_of(output, from, to, filter);
    axis.push_back({weights.first, {weights.values.begin(), weights.values.end()}});
  }
  return axis;
}

MATCHER_FAST_CLONE
void add_row(const std::uint8_t* from, float weight, float* sums, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) sums[i] += float(from[i]) * weight;
}

MATCHER_FAST_CLONE
void add_row(const float* from, float weight, float* sums, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) sums[i] += from[i] * weight;
}

/// Makes one row of the result, [columns, 3], from a row of the source.
template <class Level>
void combine_pixels(const Level* row, const Axis& columns, float* to) {
  for (const auto& [first, weights] : columns) {
    const Level* pixel = row + std::size_t(first) * 3;
    float red = 0, green = 0, blue = 0;
    for (const float weight : weights) {
      red += float(pixel[0]) * weight, green += float(pixel[1]) * weight, blue += float(pixel[2]) * weight;
      pixel += 3;
    }
    *to++ = red, *to++ = green, *to++ = blue;
  }
}

FloatImage make_result(const Axis& rows, const Axis& columns) {
  return {int(columns.size()), int(rows.size()), std::vector<float>(rows.size() * columns.size() * 3)};
}

/// For fewer rows: holds one row of the source's width.
FloatImage begin_with_rows(const Image& image, const Axis& rows, const Axis& columns) {
  FloatImage result = make_result(rows, columns);
  std::vector<float> sums(std::size_t(image.width) * 3);
  float* to = result.rgb.data();
  for (const auto& [first, weights] : rows) {
    std::ranges::fill(sums, 0.0f);
    int y = first;
    for (const float weight : weights) add_row(image.row(y++), weight, sums.data(), sums.size());
    combine_pixels(sums.data(), columns, to);
    to += columns.size() * 3;
  }
  return result;
}

/// For more rows: holds the source in the width of the result.
FloatImage begin_with_columns(const Image& image, const Axis& rows, const Axis& columns) {
  FloatImage result = make_result(rows, columns);
  const std::size_t stride = columns.size() * 3;
  std::vector<float> narrow(std::size_t(image.height) * stride);
  for (int y = 0; y < image.height; ++y) combine_pixels(image.row(y), columns, narrow.data() + std::size_t(y) * stride);
  float* to = result.rgb.data();
  for (const auto& [first, weights] : rows) {
    const float* from = narrow.data() + std::size_t(first) * stride;
    for (const float weight : weights) add_row(from, weight, to, stride), from += stride;
    to += stride;
  }
  return result;
}

}  // namespace

FloatImage resize_in_floats(const Image& image, Size size, Filter filter, const Window& window) {
  if (filter == Filter::nearest) throw std::invalid_argument("resize_in_floats: nearest has no weights");
  check_size(image.width, image.height);
  check_size(window.width, window.height);
  const auto rows = make_axis(image.height, size.height, filter, window.top, window.height);
  const auto columns = make_axis(image.width, size.width, filter, window.left, window.width);
  return size.height <= image.height ? begin_with_rows(image, rows, columns) : begin_with_columns(image, rows, columns);
}

}  // namespace matcher::image
