#include "matcher/image/resize/columns.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <random>

namespace matcher {
namespace {

image::Image noise(int width, int height, std::mt19937& random) {
  image::Image image{width, height, {}};
  image.rgb.resize(std::size_t(width) * std::size_t(height) * 3);
  for (auto& value : image.rgb) value = std::uint8_t(random() % 4 == 0 ? 255 : random());
  return image;
}

/// Columns of up to `most` taps anywhere in a row, whose weights sum to about one.
std::vector<image::Taps> columns(int count, int width, int most, std::mt19937& random) {
  std::vector<image::Taps> all;
  for (int i = 0; i < count; ++i) {
    const int taps = 1 + int(random() % unsigned(std::min(width, most)));
    auto& column = all.emplace_back(int(random() % unsigned(width - taps + 1)), std::vector<std::int32_t>());
    for (int tap = 0; tap < taps; ++tap)
      column.weights.push_back((1 << image::fraction_bits) / taps + int(random() % 2'000'000) - 1'000'000);
  }
  return all;
}

TEST_CASE("columns are combined to the same bytes with and without the processor's special instructions") {
  const int width = GENERATE(1, 2, 5, 6, 17, 300);
  const int height = GENERATE(1, 4, 7);
  std::mt19937 random(unsigned(1000 * width + height));
  const auto image = noise(width, height, random);
  const auto some = columns(20, width, 60, random);
  for (int first = 0; first < height; first += 3) {
    CHECK(image::combine_columns(image, some, first, height).rgb ==
          image::combine_columns_portably(image, some, first, height).rgb);
  }
}

}  // namespace
}  // namespace matcher
