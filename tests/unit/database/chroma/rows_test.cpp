#include "matcher/database/chroma/rows.hpp"

#include <catch2/catch_test_macros.hpp>
#include <vector>

using namespace matcher;
using namespace matcher::database;
using nlohmann::json;

TEST_CASE("rows for Chroma leave empty fields out, and come back the same") {
  const std::vector<Row> rows{{"a/\"1\".jpg", {"p1", "/a b.jpg", "gallery", "", "", "box", "two\nlines", "abc", ""}},
                              {"b", std::vector<std::string>(std::size(field_names))}};
  Matrix vectors(2, 2);
  vectors.data = {0.5f, -1, 0, 1};
  const auto body = json::parse(upsert_body(rows, vectors.view(), false));
  CHECK(body.at("embeddings") == json{{0.5, -1.0}, {0.0, 1.0}});
  CHECK(body.at("metadatas")[0].size() == 6);
  CHECK(body.at("metadatas")[1].is_null());
  for (std::size_t i = 0; i < rows.size(); ++i)
    CHECK(row_from_metadata(body.at("ids")[i], body.at("metadatas")[i]) == rows[i]);
  CHECK(json::parse(upsert_body(rows, vectors.view(), true)).at("embeddings") == json{"AAAAPwAAgL8=", "AAAAAAAAgD8="});
}

TEST_CASE("a search in Chroma asks for distances of the k best") {
  Matrix queries(2, 2);
  queries.data = {1, 0, 0, 1};
  const auto body = json::parse(query_body(queries.view(), 7, {}));
  CHECK(body.at("n_results") == 7);
  CHECK(body.at("include") == json{"distances"});
  CHECK(body.at("query_embeddings") == json{{1.0, 0.0}, {0.0, 1.0}});
  CHECK_FALSE(body.contains("where"));
}

TEST_CASE("a search in Chroma filters by values of columns") {
  Matrix queries(1, 1);
  const auto where = [&](const Conditions& conditions) {
    return json::parse(query_body(queries.view(), 7, conditions)).at("where");
  };
  const json category = {{"category", {{"$in", {"Apple", "Pear \"x\""}}}}}, split = {{"split", {{"$in", {"train"}}}}};
  CHECK(where({{"category", {"Apple", "Pear \"x\""}}}) == category);
  CHECK(where({{"category", {"Apple", "Pear \"x\""}}, {"split", {"train"}}}) == json{{"$and", {category, split}}});
}

TEST_CASE("a collection of Chroma has a record only if matcher created it") {
  json entry = {{"name", "products__3f9c1a2b44d0"},
                {"metadata", {{"matcher_record", "{}"}}},
                {"dimension", 512},
                {"configuration_json", {{"hnsw", {{"space", "cosine"}}}, {"spann", nullptr}}}};
  const auto made = collection_from_entry(entry);
  CHECK(made.record == "{}");
  CHECK(made.dimension == 512);
  CHECK(made.metric == "cosine");
  entry["metadata"] = nullptr;
  entry["dimension"] = nullptr;
  CHECK(collection_from_entry(entry).record.empty());
  CHECK(collection_from_entry(entry).dimension == 0);
  entry.erase("configuration_json");
  CHECK_THROWS_AS(collection_from_entry(entry), json::exception);
}
