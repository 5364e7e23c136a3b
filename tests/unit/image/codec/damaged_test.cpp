// Damaged, hostile and foreign files: always a DecodeError with a reason, never a crash, half a picture or a message.
#include <unistd.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cstdio>
#include <random>

#include "matcher/image/image.hpp"
#include "unit/image/difference.hpp"
#include "unit/image/npy.hpp"
#include "unit/image/reason.hpp"

namespace matcher {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;
using test::reason;

std::vector<std::byte> bytes_of(const std::string& text) {
  const auto* begin = reinterpret_cast<const std::byte*>(text.data());
  return {begin, begin + text.size()};
}

/// Counts what is written to the standard error stream, by C or C++, while it lives.
class StderrWatch {
 public:
  StderrWatch() : file_(std::tmpfile()), original_(dup(STDERR_FILENO)) {
    std::fflush(stderr);
    dup2(fileno(file_), STDERR_FILENO);
  }
  ~StderrWatch() {
    dup2(original_, STDERR_FILENO);
    close(original_);
    std::fclose(file_);
  }
  StderrWatch(const StderrWatch&) = delete;
  StderrWatch& operator=(const StderrWatch&) = delete;

  long bytes() const {
    std::fflush(stderr);
    return lseek(fileno(file_), 0, SEEK_END);
  }

 private:
  std::FILE* file_;
  int original_;
};

constexpr std::size_t png_end = 20;  ///< bytes behind the pixels: zlib's sum, a checksum and the end chunk

const std::vector<std::string> kFiles{"420.jpg",
                                      "progressive.jpg",
                                      "grey.jpg",
                                      "cmyk.jpg",
                                      "restart.jpg",
                                      "rgb.png",
                                      "p.png",
                                      "one.png",
                                      "rgba16.png",
                                      "lossy.webp",
                                      "1x1.webp",
                                      "lossless.webp",
                                      "lossy_alpha.webp",
                                      "rgb.bmp",
                                      "p.bmp",
                                      "one.bmp",
                                      "rle8.bmp",
                                      "raw.tiff",
                                      "lzw.tiff",
                                      "deflate.tiff",
                                      "l16.tiff",
                                      "bits.tiff",
                                      "p.tiff",
                                      "turn6.webp",
                                      "turn6.png",
                                      "odd/interlaced3_4.png",
                                      "odd/interlaced0_16.png",
                                      "odd/turn_packed_profile.png",
                                      "odd/turn_xmp.webp",
                                      "odd/565_124.bmp",
                                      "odd/abgr_108.bmp",
                                      "odd/rle4_codes.bmp",
                                      "odd/core.bmp",
                                      "odd/jpeg.tiff",

                                      "odd/palette2.tiff",
                                      "odd/planes16.tiff",
                                      "odd/tile_planes.tiff",
                                      "odd/tile_bits.tiff",
                                      "odd/ycbcr_deflate.tiff",
                                      "odd/rgb_premultiplied16.tiff",
                                      "odd/turn_xmp.tiff"};

TEST_CASE("a signature alone is not enough") {
  const std::string start =
      GENERATE(std::string("\xff\xd8\xff"), std::string("\x89PNG\r\n\x1a\n"), std::string("BM"),
               std::string("II*\0", 4), std::string("MM\0*", 4), std::string("RIFF\4\0\0\0WEBP", 12));
  const std::string filler =
      GENERATE(std::string(), std::string(300, '\0'), std::string(300, '\xff'), std::string(300, 'a'));
  StderrWatch watch;
  CHECK_FALSE(reason(bytes_of(start + filler)).empty());
  CHECK(watch.bytes() == 0);
}

TEST_CASE("a file that ends too early is refused wherever it is cut, in silence") {
  const std::string name = GENERATE(from_range(kFiles));
  CAPTURE(name);
  const auto whole = test::read_bytes(name);
  REQUIRE(reason(whole).empty());
  StderrWatch watch;
  std::size_t accepted = 0;
  const auto last = whole.size() - (name.ends_with(".png") ? png_end + 6 : 4);
  for (std::size_t size = 0; size < last; size += 1 + size / 40)
    accepted += reason({whole.begin(), whole.begin() + std::ptrdiff_t(size)}).empty();
  accepted += reason({whole.begin(), whole.begin() + std::ptrdiff_t(last)}).empty();
  CHECK(accepted == 0);
  CHECK(watch.bytes() == 0);
}

/// The place of the first chunk of this name behind `from`: its length stands 4 bytes before.
std::size_t chunk_at(const std::vector<std::byte>& file, const std::string& name, std::size_t from = 0) {
  const std::string text(reinterpret_cast<const char*>(file.data()), file.size());
  const std::size_t found = text.find(name, from);
  REQUIRE(found != std::string::npos);
  return found;
}

TEST_CASE("a PNG that ends after its pixels is whole, as for Pillow") {
  const std::string name = GENERATE("rgb.png", "p.png", "odd/interlaced0_16.png", "odd/turn_packed_profile.png");
  const auto whole = test::read_bytes(name);
  const auto expected = image::decode(whole, true);
  for (std::size_t missing = 1; missing <= png_end; ++missing) {
    CAPTURE(name, missing);
    const auto found = image::decode({whole.begin(), whole.end() - std::ptrdiff_t(missing)}, true);
    CHECK(test::difference(found, expected).largest == 0);
  }
  auto zeros = whole;
  std::fill(zeros.end() - 12, zeros.end(), std::byte{0});
  CHECK(test::difference(image::decode(zeros, true), expected).largest == 0);
  auto claims = whole;  // more pixels than the file has
  claims[chunk_at(whole, "IDAT") - 3] = std::byte{1};
  CHECK(test::difference(image::decode(claims, true), expected).largest == 0);
  auto text = whole;  // a chunk of which the content is missing, which Pillow refuses, too
  text.resize(text.size() - 12);
  for (const auto part : bytes_of(std::string("\0\0\0\x64tEXtabc", 11))) text.push_back(part);
  CHECK_THAT(reason(text), StartsWith("truncated PNG"));
}

TEST_CASE("the reason says truncated") {
  const std::string name = GENERATE("420.jpg", "progressive.jpg", "rgb.png", "lossy.webp", "rgb.bmp", "raw.tiff");
  auto half = test::read_bytes(name);
  half.resize(half.size() / 2);
  CAPTURE(name);
  CHECK_THAT(reason(half), StartsWith("truncated "));
}

TEST_CASE("JPEG data that libjpeg would patch up is refused") {
  auto damaged = test::read_bytes("420.jpg");
  const std::size_t inside_the_scan = damaged.size() - 100;
  damaged[inside_the_scan] = std::byte{0xff};
  damaged[inside_the_scan + 1] = std::byte{0xd9};
  CHECK_THAT(reason(damaged), ContainsSubstring(" JPEG: "));
}

TEST_CASE("the checksums of a PNG count where Pillow asks for them") {
  const auto whole = test::read_bytes("p.png");
  auto pixels = whole;
  pixels[chunk_at(whole, "IEND") - 5] ^= std::byte{1};
  pixels.back() ^= std::byte{1};
  CHECK(test::difference(image::decode(pixels, true), image::decode(whole, true)).largest == 0);
  auto palette = whole;
  palette[chunk_at(whole, "PLTE") + 5] ^= std::byte{1};
  CHECK(reason(palette) == "corrupt PNG: wrong checksum of PLTE");
  auto nameless = whole;
  nameless[chunk_at(whole, "PLTE") + 1] = std::byte{0xff};
  CHECK(reason(nameless) == "corrupt PNG: a chunk without a name");
}

TEST_CASE("a PNG with a wrong pixel is refused") {
  auto damaged = test::read_bytes("rgb.png");
  damaged[damaged.size() / 2] ^= std::byte{1};
  CHECK_THAT(reason(damaged), StartsWith("corrupt PNG: "));
}

TEST_CASE("absurd sizes are refused with the numbers") {
  const auto huge_png = bytes_of(std::string("\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\1\0\0\0\1\0\0\x08\2\0\0\0", 29));
  CHECK(reason(huge_png) ==
        "too large: 65536 x 65536 pixels, at most 268435456 pixels are supported. Make the image smaller");
  auto bmp = test::read_bytes("rgb.bmp");
  bmp[20] = bmp[24] = std::byte{1};
  CHECK_THAT(reason(bmp), StartsWith("too large: 65577 x 65566 pixels"));
  bmp[18] = bmp[20] = std::byte{0};
  CHECK(reason(bmp) == "impossible size: 0 x 65566 pixels");
  auto jpeg = test::read_bytes("420.jpg");
  const std::string text(reinterpret_cast<const char*>(jpeg.data()), jpeg.size());
  const std::size_t frame = text.find("\xff\xc0");
  REQUIRE(frame != std::string::npos);
  for (std::size_t i = 5; i < 9; ++i) jpeg[frame + i] = std::byte{0xf0};
  CHECK_THAT(reason(jpeg), StartsWith("too large: 61680 x 61680 pixels"));
}

TEST_CASE("mutated files decode or are refused, and nothing else happens") {
  std::mt19937 random(20240607);
  int refused = 0, rounds = 0;
  for (int round = 0; round < 160; ++round)
    for (const std::string& name : kFiles) {
      auto bytes = test::read_bytes(name);
      const std::size_t reach = random() % 2 ? bytes.size() : std::min<std::size_t>(bytes.size(), 64);
      for (unsigned hits = 1 + random() % 8; hits > 0; --hits) bytes[random() % reach] = std::byte(random() & 0xff);
      ++rounds;
      refused += !reason(bytes).empty();
    }
  CHECK(rounds == 160 * int(kFiles.size()));
  CHECK(refused > rounds / 4);
  CHECK(refused < rounds);
}

}  // namespace
}  // namespace matcher
