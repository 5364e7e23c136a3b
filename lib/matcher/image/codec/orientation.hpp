// The EXIF orientation: read from any supported container, and applied. Private to this layer.
#pragma once

#include "matcher/image/codec/bytes.hpp"

namespace matcher::image {

/// 1 to 8 as in EXIF tag 274; 1 (upright) when it is absent, damaged or out of range. Never throws on hostile bytes.
int exif_orientation(Bytes bytes);

/// The picture as a viewer shows it: Pillow's ImageOps.exif_transpose.
Image upright(Image image, int orientation);

}  // namespace matcher::image
