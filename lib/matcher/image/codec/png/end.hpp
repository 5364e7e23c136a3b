// Completes PNG files whose last bytes are missing or damaged.
#pragma once

#include <cstddef>
#include <vector>

#include "matcher/image/codec/bytes.hpp"

namespace matcher::image {

/// Like Pillow, takes a file as whole if it ends after its pixels: without an end chunk, inside of it, or inside of the
/// checksum before it; also if its last pixels claim more bytes than the file has. Returns such a file with its end,
/// for libpng to see whether the pixels are complete; nothing for any other file.
std::vector<std::byte> complete_png(Bytes file);

}  // namespace matcher::image
