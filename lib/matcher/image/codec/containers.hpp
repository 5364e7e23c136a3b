// File formats seen from outside: which one it is, and whether the file is whole, before a decoder that would rather
// return half a picture (or write to stderr) is let near it. Private to this layer.
#pragma once

#include <vector>

#include "matcher/image/codec/bytes.hpp"

namespace matcher::image {

enum class Format { jpeg, png, webp, bmp, tiff };

/// By content. Throws DecodeError for empty bytes, other formats and bytes that are no picture.
Format format_of(Bytes bytes);

/// Throws DecodeError, with the numbers, when a side is below 1 or there are more than 2^28 pixels.
void check_size(std::int64_t width, std::int64_t height);

/// Each checks the structure and the size, and returns the file in the form the decoder gets it; all throw DecodeError.
/// PNG: only the chunks that hold pixels, so that libpng finds nothing to complain about.
std::vector<std::byte> checked_png(Bytes bytes);
/// WebP: unchanged but for padding.
std::vector<std::byte> checked_webp(Bytes bytes);
/// BMP: unchanged.
std::vector<std::byte> checked_bmp(Bytes bytes);
struct Tiff {
  std::vector<std::byte> file;
  bool has_inks;      ///< the four samples that the file calls red, green, blue and alpha are cyan, magenta, yellow and
                      ///< black
  bool is_wide_grey;  ///< one sample of 16 bits a pixel
};
/// TIFF: upright, with alpha marked as premultiplied and inks as colours, so that nothing turns, multiplies or mixes
/// the pixels.
Tiff checked_tiff(Bytes bytes);

}  // namespace matcher::image
