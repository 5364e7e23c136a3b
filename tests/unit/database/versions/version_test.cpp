#include "matcher/database/versions/version.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "unit/database/memory_database.hpp"

using namespace matcher;
using namespace matcher::database;
using Catch::Matchers::ContainsSubstring;

namespace {

test::MemoryDatabase::Version version_of_dimension(std::size_t dimension) {
  VersionRecord record;
  record.manifest.model.dimension = dimension;
  record.manifest.model.name = "dinov2-base";
  return {record_text(record)};
}

}  // namespace

TEST_CASE("a version is found by name, with its record") {
  test::MemoryDatabase server;
  server.collections["v"] = version_of_dimension(2);
  CHECK(!find_version(server, "", "here"));
  CHECK(!find_version(server, "w", "here"));
  CHECK(find_version(server, "v", "here")->record.manifest.model.dimension == 2);
}

TEST_CASE("a version with another metric or dimension than its record is refused") {
  test::MemoryDatabase server;
  server.collections["v"] = version_of_dimension(2);
  server.collections["v"].rows["a"] = {{"a", {}}, {1, 2, 3}};
  CHECK_THROWS_WITH(find_version(server, "v", "here"),
                    ContainsSubstring("holds 3-d vectors") && ContainsSubstring("2-d, by dinov2-base"));
  server.metric = "l2";
  CHECK_THROWS_WITH(find_version(server, "v", "here"), ContainsSubstring("ranks by l2"));
}

TEST_CASE("a live version that was deleted is refused by name") {
  test::MemoryDatabase server;
  const auto address = parse_address("milvus://host/products");
  CHECK(!find_live(server, address));
  server.live_versions["products"] = "products__3f9c1a2b44d0";
  CHECK_THROWS_WITH(find_live(server, address),
                    ContainsSubstring("\"products__3f9c1a2b44d0\" of milvus://host/products"));
}
