#include "matcher/image/resize/floats.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <cmath>
#include <stdexcept>

#include "matcher/image/preprocess.hpp"
#include "unit/image/npy.hpp"

namespace matcher {
namespace {

using image::Filter;

image::Image photo() { return image::decode(test::read_bytes("120x333.png"), false); }

image::FloatImage resize_whole(image::Size size, Filter filter) {
  return image::resize_in_floats(photo(), size, filter, {0, 0, size.width, size.height});
}

// Filters with negative weights differ more: bytes are cut off at 0 and 255 between the passes.
TEST_CASE("levels that are not rounded are those of a rounded resize, to about a level") {
  const auto filter = GENERATE(Filter::bilinear, Filter::box, Filter::hamming);
  const auto size = GENERATE(image::Size{30, 64}, image::Size{400, 50}, image::Size{340, 125}, image::Size{333, 120});
  const auto bytes = image::resize(photo(), size, filter);
  const auto floats = resize_whole(size, filter);
  REQUIRE(image::Size{floats.height, floats.width} == size);
  REQUIRE(floats.rgb.size() == bytes.rgb.size());
  float largest = 0;
  for (std::size_t i = 0; i < bytes.rgb.size(); ++i)
    largest = std::max(largest, std::abs(floats.rgb[i] - float(bytes.rgb[i])));
  CHECK(largest <= 1.001f);
}

TEST_CASE("a resize in floats keeps fractions, and levels beyond those of bytes") {
  const auto floats = resize_whole({340, 125}, Filter::bicubic);
  CHECK(std::ranges::any_of(floats.rgb, [](float level) { return level != std::round(level); }));
  CHECK(std::ranges::any_of(floats.rgb, [](float level) { return level > 255; }));
}

TEST_CASE("a window is that part of the whole, to the bit") {
  const auto size = GENERATE(image::Size{80, 61}, image::Size{400, 150});
  const image::Window window{7, 11, 40, 30};
  const auto whole = resize_whole(size, Filter::bicubic);
  const auto part = image::resize_in_floats(photo(), size, Filter::bicubic, window);
  REQUIRE(part.rgb.size() == 40 * 30 * 3);
  for (int y = 0; y < window.height; ++y) {
    const auto* row = whole.rgb.data() + (std::size_t(window.top + y) * std::size_t(size.width) + 7) * 3;
    CHECK(std::equal(row, row + 40 * 3, part.rgb.data() + std::size_t(y) * 40 * 3));
  }
}

TEST_CASE("a filter without weights and an image without pixels are refused") {
  CHECK_THROWS_AS(resize_whole({2, 2}, Filter::nearest), std::invalid_argument);
  CHECK_THROWS_AS(image::resize_in_floats({}, {2, 2}, Filter::bicubic, {0, 0, 2, 2}), image::DecodeError);
}

TEST_CASE("an image that is prepared in floats needs room for its size") {
  image::Preprocess options;
  options.round = false;
  options.resize = {4, 5};
  std::vector<float> planes(4 * 5 * 3 - 1);
  CHECK_THROWS_AS(image::prepare(photo(), options, planes), std::invalid_argument);
}

TEST_CASE("a transparent image is composed onto white before a resize in floats") {
  const image::Image clear{1, 1, {10, 20, 30}, {0}};
  image::Preprocess options;
  options.round = false;
  options.resize = {1, 2};
  options.transparent = image::Transparent::white;
  std::vector<float> planes(6);
  image::prepare(clear, options, planes);
  for (const float value : planes) CHECK(std::abs(value - 1) < 1e-6f);
}

}  // namespace
}  // namespace matcher
