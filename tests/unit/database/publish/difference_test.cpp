#include "matcher/database/publish/difference.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace matcher::database;

TEST_CASE("the difference sends new and changed rows, and removes the others") {
  const std::vector<Row> want{{"new", {"1"}}, {"same", {"1"}}, {"changed", {"2"}}};
  const auto difference = find_difference(
      want, {{"same", {"same", {"1"}}}, {"changed", {"changed", {"1"}}}, {"z", {"z", {}}}, {"a", {"a", {}}}});
  CHECK(difference.send == std::vector<std::size_t>{0, 2});
  CHECK(difference.remove == std::vector<std::string>{"a", "z"});
}

TEST_CASE("the difference of equal rows is empty") {
  const auto difference = find_difference({{"a", {"1"}}}, {{"a", {"a", {"1"}}}});
  CHECK(difference.send.empty());
  CHECK(difference.remove.empty());
}
