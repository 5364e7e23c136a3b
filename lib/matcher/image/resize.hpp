// Resizes as Pillow does: the whole image, or only a window of the result.
#pragma once

#include "matcher/image/filter.hpp"
#include "matcher/image/image.hpp"

namespace matcher::image {

/// A range of columns and rows.
struct Window {
  int left = 0, top = 0, width = 0, height = 0;
};

/// Equals Pillow 13's `Image.resize((width, height), filter)` for RGB, bit for bit: antialiased, fixed point, two
/// passes (`nearest` copies pixels). Earlier versions differ by a few levels where the height shrinks by over twice the
/// pixels of the width. Throws DecodeError for a side of 0 and for more pixels than an image may have.
Image resize(const Image& image, Size size, Filter filter);

/// Computes only the pixels of resize(image, size, filter) inside `window`, which has at least one pixel.
Image resize_part(const Image& image, Size size, Filter filter, const Window& window);

}  // namespace matcher::image
