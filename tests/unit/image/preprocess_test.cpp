#include "matcher/image/preprocess.hpp"

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <stdexcept>

#include "unit/image/npy.hpp"

namespace matcher {
namespace {

// 3 wide, 2 high, grey; the value tells the place: 11 12 13 / 21 22 23.
image::Image numbered() {
  image::Image image{3, 2, {}};
  for (const std::uint8_t value : {11, 12, 13, 21, 22, 23}) image.rgb.insert(image.rgb.end(), 3, value);
  return image;
}

std::vector<int> first_channel(const image::Image& image) {
  std::vector<int> values;
  for (std::size_t i = 0; i < image.rgb.size(); i += 3) values.push_back(image.rgb[i]);
  return values;
}

TEST_CASE("a centre crop leans to the top left") {
  CHECK(first_channel(image::centre_crop(numbered(), {1, 2})) == std::vector{11, 12});
  CHECK(first_channel(image::centre_crop(numbered(), {1, 1})) == std::vector{12});
}

TEST_CASE("a centre crop may round half of the difference to even, as torchvision does") {
  image::Image row{8, 1, {}};
  for (int x = 0; x < 8; ++x) row.rgb.insert(row.rgb.end(), 3, std::uint8_t(x));
  const auto first = [&](int width) {
    return first_channel(image::centre_crop(row, {1, width}, image::CropRounding::half_to_even)).front();
  };
  CHECK(first(7) == 0);  // 0.5
  CHECK(first(6) == 1);
  CHECK(first(5) == 2);  // 1.5
  CHECK(first(3) == 2);  // 2.5
  CHECK(first(1) == 4);  // 3.5
  CHECK(first_channel(image::centre_crop(row, {1, 11}, image::CropRounding::half_to_even)) ==
        std::vector{0, 0, 1, 2, 3, 4, 5, 6, 7, 0, 0});
}

TEST_CASE("a picture smaller than the crop is padded, the larger half before it") {
  CHECK(first_channel(image::centre_crop(numbered(), {3, 4})) == std::vector{0, 0, 0, 0, 0, 11, 12, 13, 0, 21, 22, 23});
  CHECK(first_channel(image::centre_crop(numbered(), {1, 5})) == std::vector{0, 11, 12, 13, 0});
  CHECK(first_channel(image::centre_crop(numbered(), {3, 1})) == std::vector{0, 12, 22});
}

TEST_CASE("without sizes nothing is resized or cropped") {
  CHECK(image::resize_and_crop(numbered(), {}).rgb == numbered().rgb);
  image::Preprocess crop_only;
  crop_only.crop = {1, 1};
  CHECK(first_channel(image::resize_and_crop(numbered(), crop_only)) == std::vector{12});
}

TEST_CASE("the size of the output is known when the options fix it") {
  image::Preprocess options;
  CHECK(options.output() == image::Size{0, 0});
  options.resize_shortest_edge = 256;
  CHECK(options.output() == image::Size{0, 0});
  options.crop = {224, 200};
  CHECK(options.output() == image::Size{224, 200});
  image::Preprocess exact;
  exact.resize = {64, 48};
  CHECK(exact.output() == image::Size{64, 48});
}

TEST_CASE("the long side is rounded down") {
  image::Preprocess options;
  options.resize_shortest_edge = 5;
  const auto wide = image::resize_and_crop(numbered(), options);
  CHECK(image::Size{wide.height, wide.width} == image::Size{5, 7});
  const auto tall = image::resize_and_crop(image::Image{2, 3, numbered().rgb}, options);
  CHECK(image::Size{tall.height, tall.width} == image::Size{7, 5});
}

TEST_CASE("a thread of a picture is cropped without building its enormous resize") {
  image::Image thread{1, 65000, std::vector<std::uint8_t>(65000 * 3, 77)};
  image::Preprocess options;
  options.resize_shortest_edge = 256;
  CHECK_THROWS_AS(image::resize_and_crop(thread, options), image::DecodeError);
  options.crop = {224, 224};
  const auto cropped = image::resize_and_crop(thread, options);
  CHECK(cropped.rgb == std::vector<std::uint8_t>(224 * 224 * 3, 77));
  options.resize_shortest_edge = 1 << 20;
  CHECK_THROWS_AS(image::resize_and_crop(thread, options), image::DecodeError);
}

TEST_CASE("the planes equal numpy's") {
  image::Preprocess options;
  options.mean = {0.48f, 0.45f, 0.40f};
  options.deviation = {0.26f, 0.25f, 0.27f};
  const auto source = test::read_pixels("rgb.png.npy");
  const auto expected = test::read_npy<float>("planar.npy");
  REQUIRE(expected.shape == std::vector{3, source.height, source.width});
  std::vector<float> planes(expected.values.size(), std::nanf(""));
  image::to_planar(source, options, planes);
  float largest = 0;
  for (std::size_t i = 0; i < planes.size(); ++i) {
    REQUIRE(std::isfinite(planes[i]));
    largest = std::max(largest, std::abs(planes[i] - expected.values[i]));
  }
  CHECK(largest < 1e-6f);
}

TEST_CASE("planes of another size are refused") {
  std::vector<float> planes(17);
  CHECK_THROWS_AS(image::to_planar(numbered(), {}, planes), std::invalid_argument);
}

}  // namespace
}  // namespace matcher
