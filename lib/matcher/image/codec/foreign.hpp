// Names files that no codec reads: images of other formats, other files, and text in place of an image.
#pragma once

#include "matcher/image/codec/bytes.hpp"

namespace matcher::image {

/// Throws DecodeError with the name of what `file` is, and what to do.
[[noreturn]] void refuse_foreign(Bytes file);

}  // namespace matcher::image
