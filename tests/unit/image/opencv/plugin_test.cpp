#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "matcher/core/error.hpp"
#include "matcher/core/plugin.hpp"
#include "matcher/image/codec/opencv.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;

TEST_CASE("a plugin of another version is refused, naming the function it lacks") {
  const matcher::PluginName name{"OpenCV", "libmatcher_opencv.so", "matcher_opencv_plugin_0"};
  CHECK_THROWS_MATCHES(matcher::open_plugin(name), matcher::Error,
                       MessageMatches(ContainsSubstring("belongs to another version of matcher") &&
                                      ContainsSubstring("it has no matcher_opencv_plugin_0")));
}

TEST_CASE("what OpenCV refuses is empty, not an exception") {
  CHECK(matcher::image::opencv().read({}, matcher::image::Samples::eight_bits).samples.empty());
  const std::vector<std::byte> noise(64, std::byte{7});
  CHECK(matcher::image::opencv().read(noise, matcher::image::Samples::as_stored).samples.empty());
}
