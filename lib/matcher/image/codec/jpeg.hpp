// JPEG through libjpeg-turbo with the settings Pillow uses. Private to this layer.
#pragma once

#include "matcher/image/codec/bytes.hpp"

namespace matcher::image {

/// Throws DecodeError when the file is truncated, damaged or of an unsupported kind.
Image decode_jpeg(Bytes bytes);

}  // namespace matcher::image
