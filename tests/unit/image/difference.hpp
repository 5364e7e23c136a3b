// How far two pictures are apart, in grey levels.
#pragma once

#include <algorithm>
#include <cstdlib>

#include "matcher/image/image.hpp"

namespace matcher::test {

struct Difference {
  int largest = 255;  ///< of pictures of different size, and of empty ones
  double mean = 255;
};

inline Difference difference(const image::Image& left, const image::Image& right) {
  if (left.width != right.width || left.height != right.height) return {};
  if (left.rgb.size() != right.rgb.size() || left.rgb.empty()) return {};
  Difference result{0, 0};
  for (std::size_t i = 0; i < left.rgb.size(); ++i) {
    const int distance = std::abs(left.rgb[i] - right.rgb[i]);
    result.largest = std::max(result.largest, distance);
    result.mean += distance;
  }
  result.mean /= static_cast<double>(left.rgb.size());
  return result;
}

}  // namespace matcher::test
