#include "matcher/database/milvus/rows.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <vector>

using namespace matcher::database;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("a row for Milvus holds every field, its vector and its bucket") {
  const Row row{"gallery/\"1\".jpg", {"p1", "/a b.jpg", "gallery", "", "", "box", "two\nlines", "abc", ""}};
  std::string body;
  append_row(body, row, std::vector<float>{0.5f, -1});
  const auto json = nlohmann::json::parse(body);
  CHECK(json.at("vector") == nlohmann::json{0.5, -1});
  CHECK(json.at("id") == row.id);
  CHECK(json.at("bucket") < milvus_buckets);
  CHECK(json.size() == 3 + std::size(field_names));
  CHECK(row_from_entity(json) == row);
  const auto made = version_body("products", 2).at("schema").at("fields");
  CHECK(made.size() == json.size());
  for (const auto& field : made) CHECK(json.contains(field.at("fieldName").get<std::string>()));
  CHECK_THROWS_WITH(append_row(body, {std::string(1025, 'x'), {}}, {}),
                    ContainsSubstring("has 1025 bytes; Milvus takes up to 1024"));
}

TEST_CASE("ids in a filter are quoted") {
  const std::vector<std::string> ids{"a", "b\"c"};
  CHECK(filter_ids(ids) == R"(id in ["a","b\"c"])");
}
