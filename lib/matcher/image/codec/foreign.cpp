#include "matcher/image/codec/foreign.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace matcher::image {
namespace {

struct Foreign {
  std::size_t at;
  std::string_view text, name;
};

constexpr std::array kForeign{
    Foreign{0, "GIF8", "GIF"},
    Foreign{4, "ftypavif", "AVIF"},
    Foreign{4, "ftypheic", "HEIC"},
    Foreign{4, "ftypmif1", "HEIF"},
    Foreign{0, {"\0\0\0\x0cjP  ", 8}, "JPEG 2000"},
    Foreign{0, {"\xff\x4f\xff\x51", 4}, "JPEG 2000"},
    Foreign{0, {"\xff\x0a", 2}, "JPEG XL"},
    Foreign{0, {"\0\0\0\x0cJXL ", 8}, "JPEG XL"},
    Foreign{0, {"II+\0", 4}, "BigTIFF"},
    Foreign{0, {"MM\0+", 4}, "BigTIFF"},
    Foreign{0, "%PDF", "PDF"},
};

std::string first_bytes(Bytes bytes) {
  std::string hex;
  for (const std::byte byte : bytes.first(std::min<std::size_t>(bytes.size(), 4)))
    hex += fmt::format(" {:02x}", std::to_integer<int>(byte));
  return hex;
}

}  // namespace

void refuse_foreign(Bytes file) {
  const ByteReader reader(file);
  for (const auto& [at, text, name] : kForeign)
    if (reader.has(at, text)) throw DecodeError(fmt::format("{} is not supported", name));
  throw DecodeError(fmt::format("not an image (starts with{})", first_bytes(file)));
}

}  // namespace matcher::image
