// Valid images of kinds that are not supported: never "corrupt", and always with what to do.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "matcher/image/image.hpp"
#include "unit/image/npy.hpp"
#include "unit/image/reason.hpp"

namespace matcher {
namespace {

using Catch::Matchers::ContainsSubstring;
using test::reason;

/// The file with the 16-bit value of one TIFF tag (little-endian) replaced.
std::vector<std::byte> with_tag(const std::string& name, std::uint16_t tag, std::uint16_t value) {
  auto bytes = test::read_bytes(name);
  for (std::size_t at = 10; at + 12 < bytes.size(); at += 12) {
    if (bytes[at] != std::byte(tag & 0xff) || bytes[at + 1] != std::byte(tag >> 8)) continue;
    bytes[at + 8] = std::byte(value & 0xff);
    bytes[at + 9] = std::byte(value >> 8);
    return bytes;
  }
  throw std::runtime_error("no such tag: " + name);
}

std::vector<std::byte> with_bytes(const std::string& name, std::size_t at, std::initializer_list<int> values) {
  auto bytes = test::read_bytes(name);
  for (const int value : values) bytes.at(at++) = std::byte(value);
  return bytes;
}

TEST_CASE("TIFF of other colours, compressions and bits is named") {
  CHECK(reason(with_tag("odd/rgb_alpha.tiff", 262, 8)) ==
        "TIFF of Lab colours is not supported. Save it as RGB with 8 bits per sample");
  CHECK(reason(with_tag("odd/tile.tiff", 259, 34712)) ==
        "TIFF of the compression 34712 (JPEG 2000) is not supported. Save it with LZW or without compression");
  CHECK_THAT(reason(with_tag("odd/white_zero8.tiff", 262, 32803)), ContainsSubstring("a camera's raw pixels"));
  CHECK_THAT(reason(with_tag("odd/grey16_white_zero.tiff", 258, 64)), ContainsSubstring("of 64 bits per sample"));
}

TEST_CASE("BMP of other headers and compressions is named") {
  CHECK(reason(with_bytes("rgb.bmp", 30, {4, 0, 0, 0})) == "BMP of JPEG is not supported. Save it as PNG");
  CHECK(reason(with_bytes("rgb.bmp", 28, {2, 0})) == "BMP of 2 bits per pixel is not supported. Save it as PNG");
  CHECK(reason(with_bytes("rgb.bmp", 14, {16, 0, 0, 0})) ==
        "BMP with a header of 16 bytes is not supported. Save it as PNG");
}

TEST_CASE("JPEG of 12 bits, without loss and of other processes is named") {
  auto bytes = test::read_bytes("420.jpg");
  const std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const auto frame = text.find("\xff\xc0");
  bytes[frame + 4] = std::byte{12};
  CHECK(reason(bytes) ==
        "JPEG of this kind is not supported (Unsupported JPEG data precision 12). Save it as baseline JPEG or PNG");
  bytes = test::read_bytes("420.jpg");
  bytes[frame + 1] = std::byte{0xc3};
  CHECK_THAT(reason(bytes), ContainsSubstring("is not supported (Unsupported JPEG process"));
  for (const int marker : {0xf7, 0xde}) {  // JPEG-LS, hierarchical
    bytes[frame + 1] = std::byte(marker);
    CHECK_THAT(reason(bytes), ContainsSubstring("is not supported (Unsupported marker type"));
  }
  bytes[frame + 1] = std::byte{0x20};
  CHECK_THAT(reason(bytes), ContainsSubstring("corrupt JPEG"));
}

TEST_CASE("PNG of Apple's form is named") {
  auto bytes = test::read_bytes("rgb.png");
  const std::string chunk("\0\0\0\4CgBI\x50\0\x20\2\x2b\xd5\xb3\x7f", 16);
  const auto inserted = std::as_bytes(std::span(chunk));
  bytes.insert(bytes.begin() + 8, inserted.begin(), inserted.end());
  CHECK_THAT(reason(bytes), ContainsSubstring("CgBI") && ContainsSubstring("pngcrush"));
}

}  // namespace
}  // namespace matcher
