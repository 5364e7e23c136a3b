#include "matcher/index/exact/rounding.hpp"

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <vector>

using namespace matcher;
using namespace matcher::index;

TEST_CASE("the bound of rounding holds for sums that round as badly as they can") {
  for (const std::size_t d : {1, 2, 17, 384, 1792}) {
    const std::vector<float> a(d, 1 / std::sqrt(float(d)) * 1.0000001f);
    float sum = 0, backwards = 0;
    for (std::size_t i = 0; i < d; ++i) sum += a[i] * a[i] * (i % 2 == 0 ? 1 : 0.999f);
    for (std::size_t i = d; i-- > 0;) backwards += a[i] * a[i] * (i % 2 == 0 ? 1 : 0.999f);
    INFO("d " << d);
    CHECK(std::abs(double(sum) - double(backwards)) <= 2 * rounding_of_sums(d + 1) * 1.01);
  }
}
