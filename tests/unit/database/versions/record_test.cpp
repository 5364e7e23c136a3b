#include "matcher/database/versions/record.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <functional>
#include <nlohmann/json.hpp>

using namespace matcher;
using namespace matcher::database;
using Catch::Matchers::ContainsSubstring;

namespace {

VersionRecord example() {
  VersionRecord record;
  record.manifest.model = {.name = "dinov2-base",
                           .fingerprint = "3f9c",
                           .precision = "fp32",
                           .device = {},
                           .dimension = 768,
                           .size_bytes = 9};
  record.manifest.data = {.name = "shop", .fingerprint = "a1", .protocol = "by hand"};
  record.manifest.type = "Milvus HNSW";
  record.manifest.count = 12;
  record.manifest.exact = false;
  record.items_fingerprint = "b2";
  record.complete = true;
  record.previous = "products__000000000000";
  record.generation = 2;
  record.index = IndexType::ivf_flat;
  record.effort = 64;
  record.threshold = R"({"schema":"matcher.threshold/1"})";
  return record;
}

std::string mismatch_of(const std::string& text) {
  try {
    parse_record(text, "collection \"x\"");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::mismatch);
    return error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("a record reads back as it was written") {
  const auto record = parse_record(record_text(example()), "here");
  CHECK(record.manifest.model.name == "dinov2-base");
  CHECK(record.manifest.model.fingerprint == "3f9c");
  CHECK(record.manifest.model.dimension == 768);
  CHECK(record.manifest.data.protocol == "by hand");
  CHECK(record.manifest.type == "Milvus HNSW");
  CHECK(record.manifest.count == 12);
  CHECK(!record.manifest.exact);
  CHECK(record.items_fingerprint == "b2");
  CHECK(record.complete);
  CHECK(record.previous == "products__000000000000");
  CHECK(record.generation == 2);
  CHECK(record.index == IndexType::ivf_flat);
  CHECK(record.effort == 64);
  CHECK(record.threshold == R"({"schema":"matcher.threshold/1"})");
  const auto text = nlohmann::json::parse(record_text(example()));
  CHECK(text.at("search").at("nprobe") == 64);  // applications read it
  CHECK(text.at("type") == "ivf-flat");
}

TEST_CASE("a record of something else is a mismatch that names the collection") {
  CHECK_THAT(mismatch_of(""), ContainsSubstring("collection \"x\" was not made by matcher"));
  CHECK_THAT(mismatch_of("{"), ContainsSubstring("the record of collection \"x\" is damaged"));
  auto newer = nlohmann::ordered_json::parse(record_text(example()));
  newer["schema"] = "matcher.collection/2";
  CHECK_THAT(mismatch_of(newer.dump()), ContainsSubstring("has the schema \"matcher.collection/2\""));
  newer["schema"] = "matcher.collection/1";
  newer.erase("complete");
  CHECK_THAT(mismatch_of(newer.dump()), ContainsSubstring("damaged"));
}

TEST_CASE("an item becomes a row and comes back, and its vector counts if it has no content hash") {
  const std::vector<float> vector{1, 2}, other{1, 3};
  store::ItemRow item;
  item.id = "a";
  item.label = "p1";
  item.path = "/a.jpg";
  item.role = "gallery";
  item.text = "blue";
  CHECK(to_item(to_row(item, vector)) == item);
  CHECK(to_row(item, vector) != to_row(item, other));
  item.content_hash = "abc";
  CHECK(to_item(to_row(item, vector)) == item);
  CHECK(to_row(item, vector) == to_row(item, other));
}

TEST_CASE("the fingerprint of rows depends on every field, and not on their order") {
  const Row a{"a", {"1", "2"}}, b{"b", {"1", ""}};
  CHECK(fingerprint_rows({a, b}) == fingerprint_rows({b, a}));
  CHECK(fingerprint_rows({a}) != fingerprint_rows({a, b}));
  CHECK(fingerprint_rows({a}) != fingerprint_rows({{"a", {"12", ""}}}));
  CHECK(fingerprint_rows({a}) != fingerprint_rows({{"a", {"1", "3"}}}));
}
