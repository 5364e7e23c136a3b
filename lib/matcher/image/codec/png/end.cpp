#include "matcher/image/codec/png/end.hpp"

#include <zlib.h>

#include <algorithm>
#include <span>
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

void append(std::vector<std::byte>& to, Bytes part) { to.insert(to.end(), part.begin(), part.end()); }

void append(std::vector<std::byte>& to, std::string_view text) { append(to, std::as_bytes(std::span(text))); }

void append_u32(std::vector<std::byte>& to, std::size_t number) {
  for (int shift = 24; shift >= 0; shift -= 8) to.push_back(static_cast<std::byte>(number >> shift & 0xff));
}

std::vector<std::byte> with_end(Bytes kept) {
  std::vector<std::byte> file(kept.begin(), kept.end());
  append(file, end_chunk);
  return file;
}

/// Ends the last chunk, at `at`, where its content or the file does. Only chunks without pixels need their checksum.
std::vector<std::byte> with_last_chunk(Bytes file, std::size_t at, std::size_t length) {
  const Bytes named = file.subspan(at + 4, length + 4);
  std::vector<std::byte> whole(file.begin(), file.begin() + std::ptrdiff_t(at));
  append_u32(whole, length);
  append(whole, named);
  append_u32(whole, ::crc32_z(0, reinterpret_cast<const Bytef*>(named.data()), named.size()));
  append(whole, end_chunk);
  return whole;
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
    if (name == "IEND") return length + frame == rest ? std::vector<std::byte>() : with_end(file.first(at));
    has_pixels |= name == "IDAT";
    if (length + head > rest) return name == "IDAT" ? with_last_chunk(file, at, rest - head) : std::vector<std::byte>();
    if (length + frame > rest) return has_pixels ? with_last_chunk(file, at, length) : std::vector<std::byte>();
    at += length + frame;
  }
  return {};
}

}  // namespace matcher::image
