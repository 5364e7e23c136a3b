// Expands the run-length coding of BMP (RLE8 and RLE4).
#pragma once

#include <vector>

#include "matcher/image/codec/bytes.hpp"

namespace matcher::image {

/// Returns an index of the palette per pixel, [height, width], in the order of the file. Pixels that the file skips are
/// 0. `halves`: RLE4. Throws TooShort.
std::vector<std::uint8_t> expand_bmp_runs(Bytes coded, int width, int height, bool halves);

}  // namespace matcher::image
