#include "matcher/index/exact/shortlist.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace matcher::index;

TEST_CASE("the threshold is the k-th lower bound, rounded to float") {
  Shortlist list(2);
  CHECK(list.threshold() == -INFINITY);
  list.offer(5, 0.5, 0.1);
  CHECK(list.threshold() == -INFINITY);
  list.offer(6, 0.9, 0.1);
  CHECK(list.threshold() == 0.4f);
  list.offer(7, 0.7, 0.1);
  CHECK(list.threshold() == 0.6f);
  list.offer(8, 0.1, 0.01);
  CHECK(list.threshold() == 0.6f);
  CHECK(list.entries().size() == 4);
  CHECK(double(list.entries()[1].upper) >= 1.0);
}

TEST_CASE("a list drops rows below the threshold, and is full if too many are above") {
  Shortlist list(1);
  for (std::uint32_t row = 0; row < 5000; ++row) list.offer(row, double(row), 0.1);
  CHECK_FALSE(list.is_full());
  CHECK(list.entries().size() < 2000);
  CHECK(list.entries().back().row == 4999);
  Shortlist equal(1);
  for (std::uint32_t row = 0; row < 5000; ++row) equal.offer(row, 1.0, 0.1);
  CHECK(equal.is_full());
  CHECK(equal.threshold() == INFINITY);
}
