#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <string>

#include "matcher/image/preprocess.hpp"
#include "unit/image/difference.hpp"
#include "unit/image/npy.hpp"

namespace matcher {
namespace {

using image::Filter;

std::string name_of(Filter filter) { return std::string(to_string(filter)); }

void check_resize(image::Size size, Filter filter) {
  const auto source = image::decode(test::read_bytes("120x333.png"), false);
  const std::string expected =
      "to_" + std::to_string(size.width) + "x" + std::to_string(size.height) + "_" + name_of(filter) + ".npy";
  CAPTURE(expected);
  CHECK(test::difference(image::resize(source, size, filter), test::read_pixels(expected)).largest == 0);
}

TEST_CASE("a resize agrees with Pillow to the bit") {
  const auto filter =
      GENERATE(Filter::bicubic, Filter::bilinear, Filter::nearest, Filter::lanczos, Filter::box, Filter::hamming);
  const auto size = GENERATE(image::Size{30, 64}, image::Size{40, 120}, image::Size{333, 31});
  check_resize(size, filter);
}

TEST_CASE("a resize to a larger size agrees with Pillow to the bit") {
  check_resize({340, 125}, GENERATE(Filter::bicubic, Filter::bilinear));
}

TEST_CASE("a resize to the same size changes nothing") {
  const auto source = image::decode(test::read_bytes("9x7.png"), false);
  CHECK(image::resize(source, {7, 9}, Filter::bicubic).rgb == source.rgb);
}

TEST_CASE("a resize to nothing is refused with the numbers") {
  const image::Image source{2, 1, {1, 2, 3, 4, 5, 6}};
  for (const image::Size size :
       {image::Size{0, 3}, image::Size{3, 0}, image::Size{-1, 3}, image::Size{1 << 20, 1 << 20}})
    CHECK_THROWS_AS(image::resize(source, size, Filter::bilinear), image::DecodeError);
  CHECK_THROWS_AS(image::resize(image::Image{}, {2, 2}, Filter::bilinear), image::DecodeError);
}

struct Case {
  std::string picture;
  int edge;
  image::Size crop;
};

TEST_CASE("resize and crop agree with Pillow and numpy to the bit") {
  const auto filter = GENERATE(Filter::bicubic, Filter::bilinear);
  const auto [picture, edge, crop] = GENERATE(values<Case>({{"257x256", 256, {224, 224}},
                                                            {"2000x60", 48, {40, 40}},
                                                            {"9x7", 32, {28, 28}},
                                                            {"300x1", 6, {5, 9}},
                                                            {"1x1", 12, {9, 9}},
                                                            {"120x333", 40, {30, 30}},
                                                            {"9x7", 12, {15, 20}},
                                                            {"120x333", 20, {61, 17}}}));
  const std::string expected = picture + "_" + std::to_string(edge) + "_" + std::to_string(crop.height) + "x" +
                               std::to_string(crop.width) + "_" + name_of(filter) + ".npy";
  CAPTURE(expected);
  image::Preprocess options;
  options.resize_shortest_edge = edge;
  options.crop = crop;
  options.filter = filter;
  const auto source = image::decode(test::read_bytes(picture + ".png"), false);
  CHECK(test::difference(image::resize_and_crop(source, options), test::read_pixels(expected)).largest == 0);
}

TEST_CASE("filters have Pillow's names and numbers") {
  CHECK(image::find_filter("lanczos") == Filter::lanczos);
  CHECK(image::find_filter("hamming") == static_cast<Filter>(5));
  CHECK_FALSE(image::find_filter("cubic"));
}

TEST_CASE("cropping while resizing is the same as cropping afterwards") {
  const auto filter = GENERATE(Filter::bicubic, Filter::nearest, Filter::lanczos);
  const auto source = image::decode(test::read_bytes("257x256.png"), false);
  for (const image::Size crop : {image::Size{33, 40}, image::Size{100, 20}, image::Size{1, 1}, image::Size{90, 45}}) {
    image::Preprocess options;
    options.resize = {80, 61};
    options.filter = filter;
    const auto whole = image::resize_and_crop(source, options);
    options.crop = crop;
    CAPTURE(crop.height, crop.width);
    CHECK(image::resize_and_crop(source, options).rgb == image::centre_crop(whole, crop).rgb);
  }
}

}  // namespace
}  // namespace matcher
