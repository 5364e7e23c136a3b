#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>

#include "matcher/core/error.hpp"
#include "matcher/core/role.hpp"

using namespace matcher;
using Catch::Matchers::Message;

TEST_CASE("A role is read as it is printed", "[role]") {
  CHECK(to_string(Role::gallery) == "gallery");
  CHECK(to_string(Role::queries) == "queries");
  const auto role = GENERATE(Role::gallery, Role::queries);
  CHECK(parse_role(to_string(role)) == role);
}

TEST_CASE("A split is read as it is printed", "[role]") {
  CHECK(to_string(Split::gallery) == "gallery");
  CHECK(to_string(Split::queries) == "queries");
  CHECK(to_string(Split::all) == "all");
  const auto split = GENERATE(Split::gallery, Split::queries, Split::all);
  CHECK(parse_split(to_string(split)) == split);
}

TEST_CASE("An unknown role or split is refused with the words that are allowed", "[role]") {
  CHECK_THROWS_MATCHES(parse_role("query"), Error, Message("unknown role \"query\"; use gallery or queries"));
  CHECK_THROWS_MATCHES(parse_role("all", "side"), Error, Message("unknown side \"all\"; use gallery or queries"));
  CHECK_THROWS_MATCHES(parse_split("train"), Error, Message("unknown split \"train\"; use gallery, queries or all"));
  CHECK_THROWS_MATCHES(parse_split(""), Error, Message("unknown split \"\"; use gallery, queries or all"));
}

TEST_CASE("A split contains its own role, and all contains both", "[role]") {
  CHECK(contains(Split::gallery, Role::gallery));
  CHECK_FALSE(contains(Split::gallery, Role::queries));
  CHECK(contains(Split::queries, Role::queries));
  CHECK_FALSE(contains(Split::queries, Role::gallery));
  CHECK(contains(Split::all, Role::gallery));
  CHECK(contains(Split::all, Role::queries));
  CHECK(split_of(Role::gallery) == Split::gallery);
  CHECK(split_of(Role::queries) == Split::queries);
}
