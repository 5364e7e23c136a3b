// Crops, GIF, HEIC and AVIF against Pillow: tests/fixtures/make_dataset_fixtures.py.
#include "matcher/image/crop.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <string>

#include "unit/image/difference.hpp"
#include "unit/image/npy.hpp"
#include "unit/image/reason.hpp"

namespace matcher::image {
namespace {

Image read(const std::string& name) { return decode(test::read_bytes("../dataset/" + name), true); }

Image pixels_of(const std::string& name) {
  const auto array = test::read_npy<std::uint8_t>("../dataset/" + name + ".npy");
  return {array.shape[1], array.shape[0], array.values};
}

TEST_CASE("crops of a photo that a phone turned are those of Pillow, to the pixel") {
  const auto photo = read("turned.jpg");
  CHECK(photo.width == 40);
  const auto check = [&](const std::string& name, const Box& box) {
    INFO(name);
    CHECK(test::difference(crop(photo, box), read("crop-" + name + ".png")).largest == 0);
  };
  check("whole", {0, 0, 40, 60});
  check("inside", {5, 7, 20, 31});
  check("half", {2.5, 3.5, 10, 10.5});
  check("fraction", {0.125, 0.25, 0.5, 0.375, true});
  check("margin", {5, 7, 20, 31, false, 0.1});
}

TEST_CASE("alpha is cropped with the colours") {
  const Image image{2, 2, std::vector<std::uint8_t>(12, 9), {0, 255, 255, 255}};
  CHECK(crop(image, {0, 0, 1, 2}).alpha == std::vector<std::uint8_t>{0, 255});
  CHECK(crop(image, {1, 0, 1, 2}).alpha.empty());
}

TEST_CASE("a box outside its image, and one of another image, are refused with both sizes") {
  const Image image{4, 2, std::vector<std::uint8_t>(24), {}};
  const auto reason = [&](const Box& box) -> std::string {
    try {
      crop(image, box);
    } catch (const DecodeError& error) {
      return error.what();
    }
    return "none";
  };
  CHECK(reason({4, 0, 2, 2}) == "the box 4,0,2,2 is outside the image of 4 x 2 pixels, or smaller than a pixel");
  CHECK(reason({0, 0, 2, 2, false, 0, 2, 4}) ==
        "the box 0,0,2,2 is of an image of 2 x 4 pixels, but the upright image has 4 x 2. The boxes were drawn without "
        "the "
        "orientation of the image: turn them, or remove the orientation");
  CHECK(
      reason({0, 0, 2, 2, false, 0, 8, 4}) ==
      "the box 0,0,2,2 is of an image of 8 x 4 pixels, but the upright image has 4 x 2. Give the image that the boxes "
      "were drawn on");
}

#ifdef HAS_matcher_gif
TEST_CASE("the first frame of a GIF is that of Pillow") {
  const std::string name = GENERATE("plain", "grey", "interlaced", "transparent", "animated", "canvas");
  INFO(name);
  const auto image = read(name + ".gif");
  CHECK(test::difference(image, pixels_of(name + ".gif")).largest == 0);
  CHECK(image.alpha.empty() == (name != "transparent"));
}

#endif

#ifdef HAS_matcher_heif
// Pillow reads HEIC with libheif, too, but AVIF with libavif, which rounds otherwise and interpolates halved colours,
// while libheif repeats them: much on these images of noise.
TEST_CASE("HEIC and AVIF are those of Pillow, and turned once") {
  const std::string name = GENERATE("photo.heic", "turned.heic", "photo-420.heic", "photo.avif", "turned.avif",
                                    "photo-420.avif", "alpha.avif");
  INFO(name);
  const auto image = read(name);
  const auto found = test::difference(image, pixels_of(name));
  const bool subsampled = name == "photo-420.avif";
  CHECK(found.largest <= (subsampled ? 80 : 1));
  CHECK(found.mean <= (subsampled ? 12 : 0.2));
  CHECK(image.alpha.empty() == (name != "alpha.avif"));
}
#endif

}  // namespace
}  // namespace matcher::image
