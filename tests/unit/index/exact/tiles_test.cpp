#include "matcher/index/exact/tiles.hpp"

#include "matcher/index/exact/rounded_copy.hpp"
#include "unit/index/vectors.hpp"

using namespace matcher;
using namespace matcher::index;

TEST_CASE("products on tiles are those of the kernels") {
  if (!TileProduct::pays(1000)) SKIP("this processor has no tiles");
  CHECK_FALSE(TileProduct::pays(1));
  for (const std::size_t d : {3, 64, 200}) {
    for (const std::size_t n : {24, 100, 512}) {
      const auto vectors = test::clustered(TileProduct::rows, d, 1), queries = test::clustered(n, d, 2);
      const auto copy = RoundedCopy::make(vectors.view());
      const RoundedQueries rounded(*copy, queries.view());
      std::vector<std::int32_t> expected(TileProduct::rows * rounded.lanes()), products(expected.size());
      find_kernels()->multiply(copy->codes(0), TileProduct::rows, rounded.codes(), expected.data());
      TileProduct(rounded.codes()).multiply(copy->codes(0), products.data());
      CHECK(products == expected);
    }
  }
}
