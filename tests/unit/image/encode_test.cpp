#include <catch2/catch_test_macros.hpp>

#include "matcher/core/error.hpp"
#include "matcher/image/image.hpp"
#include "unit/image/difference.hpp"
#include "unit/image/npy.hpp"

namespace matcher {
namespace {

TEST_CASE("a PNG comes back unchanged") {
  const auto source = test::read_pixels("rgb.png.npy");
  CHECK(test::difference(image::decode(image::encode_png(source), true), source).largest == 0);
}

TEST_CASE("a JPEG comes back close, the closer the higher the quality") {
  const auto source = image::Image{64, 64, std::vector<std::uint8_t>(64 * 64 * 3, 90)};
  CHECK(test::difference(image::decode(image::encode_jpeg(source, 95), true), source).largest <= 2);
  const auto detailed = test::read_pixels("rgb.png.npy");
  const auto coarse = image::encode_jpeg(detailed, 20), fine = image::encode_jpeg(detailed, 95);
  CHECK(coarse.size() < fine.size());
  CHECK(test::difference(image::decode(fine, true), detailed).mean <
        test::difference(image::decode(coarse, true), detailed).mean);
}

TEST_CASE("encoding the same picture twice gives the same bytes") {
  const auto source = test::read_pixels("rgb.png.npy");
  CHECK(image::encode_jpeg(source, 85) == image::encode_jpeg(source, 85));
  CHECK(image::encode_png(source) == image::encode_png(source));
}

TEST_CASE("a picture without pixels cannot be encoded") {
  CHECK_THROWS_AS(image::encode_jpeg({}, 85), Error);
  CHECK_THROWS_AS(image::encode_png({}), Error);
}

}  // namespace
}  // namespace matcher
