// Reads the first directory of a TIFF structure: a TIFF file, or the EXIF block inside other formats.
#pragma once

#include <optional>

#include "matcher/image/codec/bytes.hpp"

namespace matcher::image {

enum class TiffTag : std::uint32_t {
  width = 256,
  height = 257,
  bits_per_sample = 258,
  photometric = 262,
  strip_offsets = 273,
  orientation = 274,
  samples_per_pixel = 277,
  strip_sizes = 279,
  tile_offsets = 324,
  tile_sizes = 325,
  extra_samples = 338,
};

struct TiffEntry {
  std::size_t at = 0;  ///< offset of its 12 bytes: tag, type, count, value
  std::uint32_t type = 0;
  std::uint32_t count = 0;
};

class TiffDirectory {
 public:
  /// Throws DecodeError if there is no TIFF header or the directory is outside the bytes.
  explicit TiffDirectory(Bytes bytes);

  bool big_endian() const { return reader_.big_endian(); }
  std::optional<TiffEntry> find(TiffTag tag) const;

  /// Returns element `index` of a BYTE, SHORT or LONG entry. Throws DecodeError for other types and beyond the bytes.
  std::uint32_t value(const TiffEntry& entry, std::uint32_t index) const;

  /// Returns the value if the entry exists and holds exactly one number, otherwise `fallback`.
  std::uint32_t single(TiffTag tag, std::uint32_t fallback) const;

 private:
  ByteReader reader_;
  std::size_t start_ = 0;
  std::uint32_t entries_ = 0;
};

}  // namespace matcher::image
