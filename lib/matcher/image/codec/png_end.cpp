#include "matcher/image/codec/png_end.hpp"

#include <zlib.h>

#include <algorithm>
#include <string_view>

namespace matcher::image {
namespace {

constexpr std::size_t first_chunk = 8, head = 8, frame = 12;
constexpr std::string_view end_chunk{"\0\0\0\0IEND\xae\x42\x60\x82", 12};

bool is_word(std::string_view name) {
  return std::ranges::all_of(name, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
  });
}

void append(std::vector<std::byte>& to, std::string_view text) {
  for (const char c : text) to.push_back(static_cast<std::byte>(c));
}

/// Appends the checksum of the last chunk, of `size` bytes without its length.
void append_checksum(std::vector<std::byte>& file, std::size_t size) {
  const auto* data = reinterpret_cast<const Bytef*>(file.data() + file.size() - size);
  const auto sum = ::crc32_z(0, data, size);
  for (int shift = 24; shift >= 0; shift -= 8) file.push_back(static_cast<std::byte>(sum >> shift & 0xff));
}

std::vector<std::byte> with_end(Bytes kept, std::size_t unchecked = 0) {
  std::vector<std::byte> file(kept.begin(), kept.end());
  if (unchecked > 0) append_checksum(file, unchecked);
  append(file, end_chunk);
  return file;
}

}  // namespace

std::vector<std::byte> complete_png(Bytes file) {
  const ByteReader reader(file);
  bool has_pixels = false;
  for (std::size_t at = first_chunk; at <= file.size();) {
    const std::size_t rest = file.size() - at;
    const auto name = rest < head ? std::string() : reader.text(at + 4, 4);
    if (rest < head || !is_word(name)) return has_pixels ? with_end(file.first(at)) : std::vector<std::byte>();
    const std::size_t length = reader.u32(at);
    has_pixels |= name == "IDAT";
    if (length + head > rest) return {};
    const bool is_cut = length + frame > rest;
    if (name == "IEND") return is_cut ? with_end(file.first(at)) : std::vector<std::byte>();
    if (is_cut) return has_pixels ? with_end(file.first(at + head + length), length + 4) : std::vector<std::byte>();
    at += length + frame;
  }
  return {};
}

}  // namespace matcher::image
