#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "matcher/image/image.hpp"
#include "unit/image/difference.hpp"
#include "unit/image/npy.hpp"

namespace matcher {
namespace {

int largest_difference(const std::string& file, const std::string& expected, bool apply) {
  const auto bytes = test::read_bytes(file);
  return test::difference(image::decode(bytes, apply), test::read_pixels(expected + ".npy")).largest;
}

TEST_CASE("every orientation turns the image as Pillow does, and only when asked") {
  const int orientation = GENERATE(1, 2, 3, 4, 5, 6, 7, 8);
  const std::string extension = GENERATE(".jpg", ".tiff");
  const std::string name = "turn" + std::to_string(orientation) + extension;
  CAPTURE(name);
  CHECK(largest_difference(name, name, true) <= (extension == ".jpg" ? 1 : 0));
  CHECK(largest_difference(name, "turn1" + extension, false) <= (extension == ".jpg" ? 1 : 0));
  if (orientation != 1) CHECK(largest_difference(name, "turn1" + extension, true) > 100);
}

TEST_CASE("PNG and WebP carry an orientation too") {
  const std::string name = GENERATE("turn6.png", "turn6.webp");
  CAPTURE(name);
  CHECK(largest_difference(name, name, true) == 0);
  CHECK(largest_difference(name, "turn1.tiff", false) == 0);
}

TEST_CASE("a damaged orientation leaves the image as stored") {
  const auto whole = test::read_bytes("turn6.jpg");
  const auto stored = image::decode(whole, false);
  const std::string text(reinterpret_cast<const char*>(whole.data()), whole.size());
  const std::size_t exif = text.find("Exif");
  REQUIRE(exif != std::string::npos);
  // the byte order, the magic number, the offset of the directory; the tag, its type and its count
  const std::size_t place = GENERATE(6, 8, 9, 10, 13, 16, 17, 18, 19, 23);
  auto damaged = whole;
  damaged[exif + place] = std::byte{0xff};
  CAPTURE(place);
  CHECK(test::difference(image::decode(damaged, true), stored).largest == 0);
}

TEST_CASE("any value of any byte of the EXIF block is survived") {
  const auto whole = test::read_bytes("turn6.jpg");
  const std::string text(reinterpret_cast<const char*>(whole.data()), whole.size());
  const std::size_t exif = text.find("Exif");
  for (std::size_t place = exif; place < exif + 32; ++place)
    for (int value = 0; value < 256; value += 5) {
      auto damaged = whole;
      damaged[place] = std::byte(value);
      const auto picture = image::decode(damaged, true);
      REQUIRE(picture.width * picture.height == 24 * 16);
    }
}

}  // namespace
}  // namespace matcher
