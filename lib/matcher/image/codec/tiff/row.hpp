// Turns rows of TIFF samples into RGB.
#pragma once

#include <cstdint>

#include "matcher/image/codec/tiff/layout.hpp"

namespace matcher::image {

/// Converts `pixels` pixels. `from` holds interleaved samples in the byte order of this machine, packed as in the file.
void convert_tiff_row(const TiffLayout& layout, const std::uint8_t* from, int pixels, std::uint8_t* rgb);

/// Reads the alpha of `pixels` pixels, for a layout that has alpha.
void read_tiff_alpha(const TiffLayout& layout, const std::uint8_t* from, int pixels, std::uint8_t* alpha);

}  // namespace matcher::image
