// Resizes without rounding, as torchvision does with tensors of floats.
#pragma once

#include <vector>

#include "matcher/image/resize.hpp"

namespace matcher::image {

/// An RGB image whose levels are not rounded: `rgb` is [height, width, 3], 0 to 255, and beyond where a filter swings.
struct FloatImage {
  int width = 0;
  int height = 0;
  std::vector<float> rgb;
};

/// Computes the pixels inside `window` of the resize to `size`. Equals torchvision's `resize(antialias=True)` of a
/// tensor of floats but for the rounding of its sums. `filter`: any but nearest. Throws DecodeError as resize().
FloatImage resize_in_floats(const Image& image, Size size, Filter filter, const Window& window);

}  // namespace matcher::image
