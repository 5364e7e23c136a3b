// Reads the orientation of an image from its metadata, and turns pixels upright.
#pragma once

#include "matcher/image/codec/codec.hpp"

namespace matcher::image {

/// Returns 1 to 8 as in EXIF tag 274: from EXIF, or else from XMP, as Pillow's getexif(). Returns 1 (upright) if both
/// are absent, damaged or out of range. Never throws for what the file holds.
int read_orientation(const Codec& codec, Bytes file);

/// The size of an image of size `stored` after upright().
Size turned(Size stored, int orientation);

/// Turns the image as a viewer shows it: Pillow's ImageOps.exif_transpose.
Image upright(Image image, int orientation);

}  // namespace matcher::image
