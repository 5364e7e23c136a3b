#include "matcher/core/box.hpp"

#include <catch2/catch_test_macros.hpp>
#include <vector>

namespace matcher {
namespace {

TEST_CASE("a box is formatted as ids have it, and read back") {
  const Box box{10, 20.5, 30, 40};
  CHECK(to_string(box) == "10,20.5,30,40");
  CHECK(parse_box("10,20.5,30,40") == box);
  Box rich{0.1, 0.2, 0.3, 0.4, true, 0.1, 640, 480};
  CHECK(place_suffix(rich) == "0.1,0.2,0.3,0.4;fractions;margin=0.1;of=640x480");
  CHECK(parse_box(place_suffix(rich)) == rich);
  CHECK(describe_crop(rich) == "0.1,0.2,0.3,0.4;fractions;margin=0.1");
}

TEST_CASE("other texts are no boxes") {
  for (const auto* text : {"", "1,2,3", "1,2,3,4,5", "1,2,0,4", "1,2,3,-4", "a,2,3,4", "1,2,3,4;", "1,2,3,4;margin=-1",
                           "1,2,3,4;of=640", "nan,2,3,4", "1,2,inf,4"})
    CHECK_FALSE(parse_box(text).has_value());
}

TEST_CASE("corners are made short") { CHECK(to_string(box_of_corners(0.3, 0.1, 0.7, 0.2)) == "0.3,0.1,0.4,0.1"); }

// Expected values: PIL.Image.Image.crop, which rounds each corner half to even.
TEST_CASE("pixels are rounded half to even, and stay within the image") {
  const auto pixels = [](const Box& box) {
    const auto found = find_pixels(box, 100, 50);
    REQUIRE(found);
    return std::vector<int>{found->left, found->top, found->right, found->bottom, found->clipped};
  };
  CHECK(pixels({0.5, 1.5, 2, 2}) == std::vector{0, 2, 2, 4, 0});
  CHECK(pixels({10, 10, 10, 10, false, 0.1}) == std::vector{9, 9, 21, 21, 0});
  CHECK(pixels({0.25, 0.5, 0.5, 0.25, true}) == std::vector{25, 25, 75, 38, 0});
  CHECK(pixels({-5, 40, 20, 20}) == std::vector{0, 40, 15, 50, 1});
  CHECK(pixels({0, 0, 10, 10, false, 1}) == std::vector{0, 0, 20, 20, 0});
}

TEST_CASE("a box outside the image, or within a pixel, has no pixels") {
  CHECK_FALSE(find_pixels({100, 0, 10, 10}, 100, 50));
  CHECK_FALSE(find_pixels({0, -10, 10, 10}, 100, 50));
  CHECK_FALSE(find_pixels({101, 0, 10, 10, false, 1}, 100, 50));
  CHECK_FALSE(find_pixels({1.6, 0, 0.3, 10}, 100, 50));
}

}  // namespace
}  // namespace matcher
