// Walks the chunks of a PNG file.
#pragma once

#include <string>

#include "matcher/image/codec/bytes.hpp"

namespace matcher::image {

/// One chunk; borrows from the file.
struct PngChunk {
  std::string name;  ///< 4 bytes
  Bytes whole;       ///< with length, name and checksum
  Bytes content;
};

/// Reads the chunk at `at`. Throws TooShort.
PngChunk read_png_chunk(const ByteReader& reader, std::size_t at);

/// True if the checksum of the chunk is right.
bool is_intact(const PngChunk& chunk);

struct PngText {
  std::string keyword, text;
};

/// Reads a tEXt, zTXt or iTXt chunk whose keyword can bring an orientation. Returns nothing for other chunks, for
/// damaged texts and for compressed texts above 1 MiB.
PngText read_png_text(const PngChunk& chunk);

}  // namespace matcher::image
