// PNG: checks the structure here, then hands the chunks that hold pixels to the decoder.
#include <fmt/format.h>

#include <array>
#include <set>

#include "matcher/image/codec/codec.hpp"
#include "matcher/image/codec/limits.hpp"
#include "matcher/image/codec/opencv.hpp"

namespace matcher::image {
namespace {

// The cyclic redundancy check of PNG, ISO 3309.
std::uint32_t checksum(Bytes bytes) {
  static const auto table = [] {
    std::array<std::uint32_t, 256> entries{};
    for (std::uint32_t i = 0; i < 256; ++i) {
      entries[i] = i;
      for (int bit = 0; bit < 8; ++bit) entries[i] = entries[i] >> 1 ^ (entries[i] & 1 ? 0xedb88320u : 0);
    }
    return entries;
  }();
  std::uint32_t value = ~0u;
  for (const std::byte byte : bytes) value = table[(value ^ std::to_integer<std::uint32_t>(byte)) & 0xff] ^ value >> 8;
  return ~value;
}

void append(std::vector<std::byte>& to, Bytes from) { to.insert(to.end(), from.begin(), from.end()); }

bool is_critical(const std::string& chunk_name) { return chunk_name[0] >= 'A' && chunk_name[0] <= 'Z'; }

// Appends a chunk, after the checks that libpng would report on stderr.
void keep(std::vector<std::byte>& kept, const std::string& name, Bytes chunk) {
  if (name != "IHDR" && name != "PLTE" && name != "IDAT" && name != "IEND")
    throw DecodeError("corrupt PNG: unknown critical chunk");
  const std::size_t content = chunk.size() - 4;
  if (checksum(chunk.subspan(4, content - 4)) != ByteReader(chunk).u32(content))
    throw DecodeError(fmt::format("corrupt PNG: wrong checksum of {}", name));
  append(kept, chunk);
}

void check_png_order(const ByteReader& header, bool has_palette, bool has_pixels) {
  constexpr std::uint32_t palette_colours = 3;
  if (!has_pixels) throw DecodeError("corrupt PNG: no pixels");
  if (header.u8(25) == palette_colours && !has_palette) throw DecodeError("corrupt PNG: no palette");
}

std::vector<std::byte> pixel_chunks(const ByteReader& reader) {
  if (!reader.has(8, {"\0\0\0\x0dIHDR", 8})) throw DecodeError("corrupt PNG: no header");
  check_size(reader.u32(16), reader.u32(20));
  std::vector<std::byte> kept = copy(reader.part(0, 8));
  std::set<std::string> seen;
  for (std::size_t at = 8; !seen.contains("IEND");) {
    const Bytes chunk = reader.part(at, std::size_t(12) + reader.u32(at));
    const std::string name = reader.text(at + 4, 4);
    if (is_critical(name)) keep(kept, name, chunk);
    seen.insert(name);
    at += chunk.size();
  }
  check_png_order(reader, seen.contains("PLTE"), seen.contains("IDAT"));
  return kept;
}

std::optional<Bytes> png_exif(const ByteReader& reader) {
  for (std::size_t at = 8; at < reader.size();) {
    const std::size_t length = reader.u32(at);
    if (reader.has(at + 4, "eXIf")) return reader.part(at + 8, length);
    at += 12 + length;
  }
  return std::nullopt;
}

bool is_png(Bytes file) { return ByteReader(file).has(0, "\x89PNG\r\n\x1a\n"); }

Image decode_png(Bytes bytes) {
  const auto file = with_format("PNG", [&] { return pixel_chunks(ByteReader(bytes)); });
  constexpr std::size_t depth = 24, colour_type = 25;  // in the first chunk, always the header
  const bool wide_grey = file.at(depth) == std::byte{16} && file.at(colour_type) == std::byte{0};
  return decode_with_opencv("PNG", file, wide_grey ? Samples::any_depth : Samples::eight_bits, wide_grey);
}

Metadata png_metadata(Bytes file) { return {png_exif(ByteReader(file))}; }

}  // namespace

const Codec png_codec{"PNG", is_png, decode_png, png_metadata};

}  // namespace matcher::image
