#include "matcher/database/database.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace matcher::database;

TEST_CASE("the name of a version contains the name that it is published as") {
  CHECK(version_name("products", "3f9c1a2b44d05e66") == "products__3f9c1a2b44d0");
  CHECK(name_of_version("products__3f9c1a2b44d0") == "products");
  CHECK(name_of_version("a__b__3f9c1a2b44d0") == "a__b");
  CHECK(name_of_version("products").empty());
  CHECK(name_of_version("products__matcher").empty());
  CHECK(name_of_version("products__3F9C1A2B44D0").empty());
  CHECK(name_of_version("__3f9c1a2b44d0").empty());
}
