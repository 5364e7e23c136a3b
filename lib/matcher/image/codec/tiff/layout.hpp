// Decides how the samples of a TIFF file become colours. Reference: the table of modes in Pillow's TiffImagePlugin.
#pragma once

#include <tiffio.h>

#include <array>
#include <cstdint>
#include <vector>

namespace matcher::image {

/// The tags of the first directory that describe pixels, with their defaults.
struct TiffTags {
  std::uint32_t width = 0, height = 0;
  std::uint16_t photometric = PHOTOMETRIC_MINISWHITE;
  std::uint16_t bits = 1, samples = 1;
  std::uint16_t sample_format = SAMPLEFORMAT_UINT;
  std::uint16_t compression = COMPRESSION_NONE;
  std::uint16_t planar = PLANARCONFIG_CONTIG;
  std::vector<std::uint16_t> extra_samples;

  bool is_planar() const { return planar == PLANARCONFIG_SEPARATE && samples > 1; }
};

/// Reads the tags of an open file.
TiffTags read_tiff_tags(TIFF* tiff);

using TiffPalette = std::array<std::array<std::uint8_t, 3>, 256>;  ///< black where the file has no entry

struct TiffLayout {
  enum class Kind { grey, palette, rgb, inks, ycbcr, rgba_of_libtiff };
  Kind kind = Kind::grey;
  int bits = 8;     ///< per sample
  int samples = 1;  ///< per pixel, also those that are dropped
  bool is_signed = false, is_float = false;
  bool is_inverted = false;       ///< grey: 0 is white
  bool is_premultiplied = false;  ///< the first extra sample is alpha that the colours were multiplied by
  bool has_alpha = false;         ///< the first extra sample is alpha for Pillow: not that of premultiplied grey
  TiffPalette palette{};
};

/// Chooses the layout. Throws DecodeError with a name and what to do for kinds that are not supported.
TiffLayout choose_tiff_layout(TIFF* tiff, const TiffTags& tags);

}  // namespace matcher::image
