// The pass of a resize that shortens or lengthens rows: every pixel of the result is a weighted sum of pixels of its
// row.
#pragma once

#include <cstdint>
#include <vector>

#include "matcher/image/image.hpp"

namespace matcher::image {

/// Weights have this many fractional bits, as Pillow's.
inline constexpr int fraction_bits = 22;

/// The source samples that make one output sample: [first, first + weights.size()).
struct Taps {
  int first = 0;
  std::vector<std::int32_t> weights;
  int last() const { return first + static_cast<int>(weights.size()); }
};

/// Makes one column of the result per element of `columns`, for the rows [first_row, last_row) of `image`.
Image combine_columns(const Image& image, const std::vector<Taps>& columns, int first_row, int last_row);

/// The same without the processor's special instructions, to the bit.
Image combine_columns_portably(const Image& image, const std::vector<Taps>& columns, int first_row, int last_row);

}  // namespace matcher::image
