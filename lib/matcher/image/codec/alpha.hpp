// Keeps the alpha of an image beside its colours.
#pragma once

#include <cstdint>

#include "matcher/image/image.hpp"

namespace matcher::image {

/// Splits interleaved red, green, blue and alpha, [height, width, 4], into an image of this size.
void split_rgba(const std::uint8_t* rgba, Image& image);

/// Removes alpha that is 255 everywhere.
void remove_opaque_alpha(Image& image);

}  // namespace matcher::image
