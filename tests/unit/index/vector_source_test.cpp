#include "matcher/index/vector_source.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

using namespace matcher::index;

TEST_CASE("drawn rows are distinct, ascending, and the same for the same seed") {
  const auto rows = draw_rows(1000, 50, 7);
  REQUIRE(rows.size() == 50);
  CHECK(std::is_sorted(rows.begin(), rows.end()));
  CHECK(std::adjacent_find(rows.begin(), rows.end()) == rows.end());
  CHECK(rows == draw_rows(1000, 50, 7));
  CHECK(rows != draw_rows(1000, 50, 8));
  CHECK(draw_rows(3, 50, 7) == std::vector<std::size_t>{0, 1, 2});
}
