// BMP: checks the header and the size here, then hands the file to the decoder.
#include <cstdlib>

#include "matcher/image/codec/codec.hpp"
#include "matcher/image/codec/limits.hpp"
#include "matcher/image/codec/opencv.hpp"

namespace matcher::image {
namespace {

struct BmpHeader {
  std::int64_t width, height;
  std::uint32_t bits, compression, coded_bytes, colours;
};

// A negative height means that the top row comes first.
BmpHeader bmp_header(const ByteReader& reader) {
  const std::uint32_t size = reader.u32(14);
  if (size == 12) return {reader.u16(18), reader.u16(20), reader.u16(24), 0, 0, 0};  // OS/2 1.x
  if (size < 40 || size > 1024) throw DecodeError("corrupt BMP: unknown header");
  const auto width = static_cast<std::int32_t>(reader.u32(18)), height = static_cast<std::int32_t>(reader.u32(22));
  return {width, std::abs(std::int64_t(height)), reader.u16(28), reader.u32(30), reader.u32(34), reader.u32(46)};
}

// Rows are padded to 4 bytes. For run-length coding, the header may contain the size.
std::size_t bmp_pixel_bytes(const BmpHeader& header) {
  const bool is_coded = header.compression == 1 || header.compression == 2;
  if (is_coded) return header.coded_bytes;
  return static_cast<std::size_t>((header.width * header.bits + 31) / 32 * 4 * header.height);
}

void check_bmp(const ByteReader& reader) {
  const BmpHeader header = bmp_header(reader);
  check_size(header.width, header.height);
  if (header.compression > 3 || header.bits > 32) throw DecodeError("BMP of this compression is not supported");
  if (header.bits <= 8 && header.colours > 256) throw DecodeError("corrupt BMP: impossible palette");
  reader.part(reader.u32(10), bmp_pixel_bytes(header));
}

bool is_bmp(Bytes file) { return ByteReader(file).has(0, "BM"); }

Image decode_bmp(Bytes file) {
  with_format("BMP", [&] { check_bmp(ByteReader(file, false)); });
  return decode_with_opencv("BMP", copy(file), Samples::eight_bits);
}

Metadata bmp_metadata(Bytes) { return {}; }

}  // namespace

const Codec bmp_codec{"BMP", is_bmp, decode_bmp, bmp_metadata};

}  // namespace matcher::image
