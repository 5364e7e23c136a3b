// WebP: checks the container here, then hands the file to the decoder.
#include <algorithm>

#include "matcher/image/codec/codec.hpp"
#include "matcher/image/codec/opencv.hpp"

namespace matcher::image {
namespace {

std::vector<std::byte> checked_webp(Bytes bytes) {
  const ByteReader reader(bytes, false);
  std::vector<std::byte> file = copy(reader.part(0, std::size_t(8) + reader.u32(4)));
  constexpr std::uint32_t animated = 2;  // a bit of the feature byte of the extended format
  if (reader.has(12, "VP8X") && (reader.u8(20) & animated)) throw DecodeError("animated WebP is not supported");
  file.resize(std::max<std::size_t>(file.size(), 32));  // OpenCV reads a header of 32 bytes whatever the size
  return file;
}

std::optional<Bytes> webp_exif(const ByteReader& reader) {
  for (std::size_t at = 12; at < reader.size();) {
    const std::size_t length = reader.u32(at + 4);
    if (reader.has(at, "EXIF")) return reader.part(at + 8, length);
    at += 8 + length + length % 2;
  }
  return std::nullopt;
}

bool is_webp(Bytes file) {
  const ByteReader reader(file);
  return reader.has(0, "RIFF") && reader.has(8, "WEBP");
}

Image decode_webp(Bytes file) {
  return decode_with_opencv("WebP", with_format("WebP", [&] { return checked_webp(file); }), Samples::eight_bits);
}

Metadata webp_metadata(Bytes file) { return {webp_exif(ByteReader(file, false))}; }

}  // namespace

const Codec webp_codec{"WebP", is_webp, decode_webp, webp_metadata};

}  // namespace matcher::image
