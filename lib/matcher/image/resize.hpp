// The resize of which only a part is wanted. Private to this layer.
#pragma once

#include "matcher/image/preprocess.hpp"

namespace matcher::image {

/// A range of columns and rows.
struct Window {
  int left = 0, top = 0, width = 0, height = 0;
};

/// The pixels of resize(image, size, filter) inside `window`, without computing the others. 1 x 1 at the least.
Image resize_part(const Image& image, Size size, Filter filter, const Window& window);

}  // namespace matcher::image
