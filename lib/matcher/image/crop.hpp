// Cuts boxes out of images.
#pragma once

#include "matcher/core/box.hpp"
#include "matcher/image/image.hpp"

namespace matcher::image {

/// Copies the pixels of a box with its margin, with their alpha: Pillow's Image.crop, within the image. Throws
/// DecodeError if the box is outside the image.
Image crop(const Image& image, const Box& box);

}  // namespace matcher::image
