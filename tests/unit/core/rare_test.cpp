#include "matcher/core/rare.hpp"

#include <catch2/catch_test_macros.hpp>
#include <string>
#include <utility>

TEST_CASE("a rare value is empty until it is edited, and is copied with its object") {
  matcher::Rare<std::string> empty, one;
  CHECK(empty->empty());
  one.edit() = "tea";
  auto copy = one;
  copy.edit() += " pot";
  CHECK(*one.operator->() == "tea");
  CHECK(*copy.operator->() == "tea pot");
  one = std::move(copy);
  CHECK(one->size() == 7);
  one = {};
  CHECK(one->empty());
  CHECK(sizeof one == sizeof(void*));
}
