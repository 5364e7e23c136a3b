#include "matcher/image/lazy_image.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <tuple>

#include "unit/image/difference.hpp"
#include "unit/image/npy.hpp"

namespace matcher {
namespace {

image::Preprocess fast_to(int height, int width) {
  image::Preprocess steps;
  steps.decode = image::Decode::fast;
  steps.resize = {height, width};
  return steps;
}

TEST_CASE("a fast decode gives the pixels of Pillow's draft for twice the size, within one grey level") {
  const std::string name = GENERATE("big_420", "big_444", "big_grey", "big_progressive", "big_turned");
  auto [height, width] =
      GENERATE(std::pair(23, 30), std::pair(22, 30), std::pair(11, 15), std::pair(5, 8), std::pair(5, 7));
  if (name == "big_turned") std::swap(height, width);
  const auto expected = name + "_" + std::to_string(height) + "x" + std::to_string(width) + ".npy";
  CAPTURE(expected);
  const auto bytes = test::read_bytes(name + ".jpg");
  image::LazyImage image(bytes);
  const auto [largest, mean] = test::difference(image.decode(fast_to(height, width)), test::read_pixels(expected));
  CHECK(largest <= 1);
  CHECK(mean < 0.1);
}

TEST_CASE("the reduction leaves both sides at least twice as long as the resize makes them") {
  image::Preprocess steps;
  CHECK(image::reduction({3024, 4032}, steps) == 1);
  const auto to_edge = [&](int edge) {
    steps.resize_shortest_edge = edge;
    return image::reduction({3024, 4032}, steps);
  };
  CHECK(to_edge(1513) == 1);
  CHECK(to_edge(757) == 1);
  CHECK(to_edge(756) == 2);
  CHECK(to_edge(378) == 4);
  CHECK(to_edge(256) == 4);
  CHECK(to_edge(189) == 8);
  CHECK(to_edge(5) == 8);
  CHECK(image::reduction({4032, 400}, fast_to(224, 224)) == 1);
}

TEST_CASE("an exact decode keeps every pixel, and knows whether a fast one would not") {
  const auto bytes = test::read_bytes("big_420.jpg");
  auto steps = fast_to(11, 15);
  steps.decode = image::Decode::exact;
  image::LazyImage image(bytes);
  CHECK(image.decode(steps).width == 123);
  CHECK(image.can_be_faster());
  steps.resize = {60, 100};
  CHECK(image.decode(steps).width == 123);
  CHECK_FALSE(image.can_be_faster());
}

TEST_CASE("networks that need other sizes get them from one image") {
  const auto bytes = test::read_bytes("big_420.jpg");
  image::LazyImage image(bytes);
  CHECK(image.decode(fast_to(11, 15)).width == 31);
  CHECK_FALSE(image.can_be_faster());
  CHECK(image.decode(fast_to(22, 30)).width == 62);
  CHECK(image.decode({}).width == 123);
  CHECK(image.decode(fast_to(5, 7)).width == 16);
}

TEST_CASE("images that are not JPEGs are decoded whole") {
  const auto bytes = test::read_bytes("rgb.png");
  image::LazyImage image(bytes);
  CHECK(image.decode(fast_to(3, 4)).width == 41);
  auto exact = fast_to(3, 4);
  exact.decode = image::Decode::exact;
  image.decode(exact);
  CHECK_FALSE(image.can_be_faster());
}

TEST_CASE("a JPEG that is cut is refused by a fast decode, too") {
  auto bytes = test::read_bytes("big_420.jpg");
  bytes.resize(bytes.size() - 200);
  image::LazyImage image(bytes);
  CHECK_THROWS_AS(image.decode(fast_to(5, 7)), image::DecodeError);
}

}  // namespace
}  // namespace matcher
