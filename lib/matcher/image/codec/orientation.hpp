// Reads the orientation of an image from its file, and turns pixels upright.
#pragma once

#include "matcher/image/codec/codec.hpp"

namespace matcher::image {

/// Returns 1 to 8 as in EXIF tag 274; 1 (upright) if the tag is absent, damaged or out of range. Never throws for what
/// the file holds.
int read_orientation(const Codec& codec, Bytes file);

/// Turns the image as a viewer shows it: Pillow's ImageOps.exif_transpose.
Image upright(Image image, int orientation);

}  // namespace matcher::image
