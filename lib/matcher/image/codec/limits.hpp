// Limits that keep a small file from claiming a huge image.
#pragma once

#include <cstdint>

namespace matcher::image {

/// Throws DecodeError, with the numbers, if a side is below 1 or the image has more than 2^28 pixels.
void check_size(std::int64_t width, std::int64_t height);

}  // namespace matcher::image
