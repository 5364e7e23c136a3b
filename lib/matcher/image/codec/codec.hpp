// The table of image formats: a format is one file that defines a Codec, and one line below.
#pragma once

#include <optional>
#include <string>

#include "matcher/image/codec/bytes.hpp"

namespace matcher::image {

/// Descriptions of an image inside its file, as far as the orientation is concerned.
struct Metadata {
  std::optional<Bytes> exif;  ///< a TIFF structure, with or without "Exif\0\0" in front
};

/// Borrowed functions; all of them throw DecodeError for damaged files.
struct Codec {
  const char* name;  ///< "PNG"
  bool (*matches)(Bytes file);
  Image (*decode)(Bytes file);       ///< as stored: not turned
  Metadata (*metadata)(Bytes file);  ///< borrows from `file`
};

#define MATCHER_CODECS(add) add(jpeg) add(png) add(webp) add(bmp) add(tiff)

#define MATCHER_DECLARE_CODEC(name) extern const Codec name##_codec;
MATCHER_CODECS(MATCHER_DECLARE_CODEC)
#undef MATCHER_DECLARE_CODEC

/// Finds the codec by content. Throws DecodeError that names the format of a file that no codec reads.
const Codec& find_codec(Bytes file);

}  // namespace matcher::image
