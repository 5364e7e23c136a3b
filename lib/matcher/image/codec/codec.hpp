// The table of image formats: a format is one file that defines a Codec, and one line below.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "matcher/image/codec/bytes.hpp"
#include "matcher/image/codec/limits.hpp"

namespace matcher::image {

/// The parts of a file that may contain an orientation.
struct Metadata {
  std::optional<std::string> exif;  ///< a TIFF structure, with or without "Exif\0\0" in front
  std::string xmp;                  ///< a packet of XMP, as XML
};

/// Chooses the divisor of both sides, 1, 2, 4 or 8, for an image of a stored size.
using Reduce = std::function<int(Size)>;

/// One format. All functions throw DecodeError for damaged files.
struct Codec {
  const char* name;  ///< "PNG"
  bool (*matches)(Bytes file);
  Image (*decode)(Bytes file, PixelMemory& memory);  ///< as stored: not turned
  Metadata (*metadata)(Bytes file);
  /// Decodes at a reduced size, rounded up; null: the format has no such way.
  Image (*decode_reduced)(Bytes file, const Reduce& reduce, PixelMemory& memory) = nullptr;
};

#define MATCHER_CODECS(add) add(jpeg) add(png) add(webp) add(bmp) add(tiff) add(gif) add(heif)

#define MATCHER_DECLARE_CODEC(name) extern const Codec name##_codec;
MATCHER_CODECS(MATCHER_DECLARE_CODEC)
#undef MATCHER_DECLARE_CODEC

/// Finds the codec by content. Throws DecodeError that names the format of a file that no codec reads.
const Codec& find_codec(Bytes file);

}  // namespace matcher::image
