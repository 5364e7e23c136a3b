#include <catch2/catch_approx.hpp>

#include "unit/index/vectors.hpp"

extern "C" float matcher_inner_product(const float* a, const float* b, std::size_t d);

using namespace matcher;
using namespace matcher::index;
using namespace matcher::index::test;

TEST_CASE("FAISS's inner product is ours, of any length and place in memory") {
  const auto a = clustered(1, 300, 1), b = clustered(1, 300, 2);
  for (std::size_t d = 0; d <= 299; ++d) {
    const auto x = std::span(a.data).subspan(1, d), y = std::span(b.data).first(d);
    INFO("d " << d);
    CHECK(matcher_inner_product(x.data(), y.data(), d) == Catch::Approx(inner_product(x, y)).margin(1e-6));
  }
}
