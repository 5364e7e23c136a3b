// Reads single tags of the first directory of a TIFF structure: a TIFF file, or the EXIF block inside other formats.
#pragma once

#include <optional>

#include "matcher/image/codec/bytes.hpp"

namespace matcher::image {

/// One entry of a directory, with its data.
struct ExifTag {
  std::uint32_t type = 0;  ///< 1 BYTE, 2 ASCII, 3 SHORT, ... as TIFF 6.0 and BigTIFF number them
  Bytes data;
  bool big_endian = false;

  /// The first value as Pillow reads it: any whole, real or rational type. Nothing for bytes, texts and fractions.
  std::optional<std::int64_t> whole_number() const;
};

/// Finds `tag` in the directory, as Pillow does: a cut directory is read as far as it goes, entries with data outside
/// the bytes do not count. Reads classic TIFF and BigTIFF. Throws DecodeError without a TIFF header.
std::optional<ExifTag> find_exif_tag(Bytes tiff, std::uint32_t tag);

}  // namespace matcher::image
