#include "matcher/database/versions/collection_index.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "unit/database/memory_database.hpp"

using namespace matcher;
using namespace matcher::database;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("a collection answers in the order of score and id, and only with known items") {
  const auto server = std::make_shared<test::MemoryDatabase>();
  server->collections["v"].rows = {{"a", {{"a", {}}, {0.5f}}}, {"b", {{"b", {}}, {0.5f}}}, {"c", {{"c", {}}, {0.9f}}}};
  const std::vector<std::string> ids{"b", "c", "a"};
  const auto index = open_as_index(server, "v", 1, ids);
  CHECK(index->type() == "memory");
  CHECK(!index->exact());
  CHECK(index->dimension() == 1);
  Matrix query(1, 1);
  query.data = {1};
  const auto hits = index->search(query.view(), 3)[0];
  REQUIRE(hits.size() == 3);
  CHECK((hits[0].row == 1 && hits[1].row == 2 && hits[2].row == 0));
  CHECK(hits[0].score == 0.9f);
  server->collections["v"].rows["stranger"] = {{"stranger", {}}, {1}};
  CHECK_THROWS_WITH(index->search(query.view(), 3), ContainsSubstring("the item \"stranger\""));
}

TEST_CASE("a collection is searched among the rows that meet the conditions, which the server checks") {
  const auto server = std::make_shared<test::MemoryDatabase>();
  const auto row = [](const char* id, const char* label, const char* category) {
    return Row{id, {label, "", "", "", "", category, "", "", ""}};
  };
  server->collections["v"].rows = {{"a", {row("a", "Gala", "Apple"), {0.5f}}},
                                   {"b", {row("b", "Kiwi", "Fruit"), {0.9f}}},
                                   {"c", {row("c", "Fuji", "Apple"), {0.7f}}}};
  const std::vector<std::string> ids{"a", "b", "c"};
  const auto index = open_as_index(server, "v", 1, ids);
  index->search_only({{0, 2}, {{"category", {"Apple"}}}});
  Matrix query(1, 1);
  query.data = {1};
  const auto hits = index->search(query.view(), 3)[0];
  REQUIRE(hits.size() == 2);
  CHECK((hits[0].row == 2 && hits[1].row == 0));
  CHECK_THROWS_WITH(index->search_only({{0}, {{"id", {"a"}}}}),
                    "memory does not search by the column \"id\". Use --where with another column");
}
