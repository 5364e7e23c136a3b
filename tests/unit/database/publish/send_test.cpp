#include "matcher/database/publish/send.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <numeric>

#include "unit/database/memory_database.hpp"

using namespace matcher;
using namespace matcher::database;
using test::MemoryDatabase;

namespace {

std::vector<Row> rows_named(std::size_t count) {
  std::vector<Row> rows;
  for (std::size_t i = 0; i < count; ++i) rows.push_back({std::to_string(i), {}});
  return rows;
}

std::vector<std::size_t> all(std::size_t count) {
  std::vector<std::size_t> rows(count);
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  return rows;
}

}  // namespace

TEST_CASE("send sends every row once with its own vector, in requests of any size") {
  MemoryDatabase server;
  server.largest_request = std::size_t(GENERATE(1, 3, 8));
  Matrix vectors(37, 2);
  for (std::size_t i = 0; i < vectors.rows; ++i) vectors.row(i)[0] = float(i);
  std::size_t reported = 0;
  send(
      server, "v", rows_named(37), index::MatrixSource(vectors.view()), all(37), 4, [] {},
      [&](std::size_t count) { reported += count; });
  CHECK(server.upserted == 37);
  CHECK(reported == 37);
  REQUIRE(server.count("v") == 37);
  for (const auto& [id, content] : server.collections["v"].rows) {
    CHECK(content.first.id == id);
    CHECK(std::to_string(int(content.second[0])) == id);
  }
}

TEST_CASE("send gives up on a single row that is too large") {
  MemoryDatabase server;
  server.largest_request = 0;
  const Matrix vectors(4, 2);
  CHECK_THROWS_WITH(
      send(
          server, "v", rows_named(4), index::MatrixSource(vectors.view()), all(4), 4, [] {}, [](std::size_t) {}),
      "too large");
}

TEST_CASE("send sends chosen rows only") {
  MemoryDatabase server;
  Matrix vectors(10, 2);
  for (std::size_t i = 0; i < vectors.rows; ++i) vectors.row(i)[0] = float(i);
  const std::vector<std::size_t> chosen{2, 3, 7};
  send(
      server, "v", rows_named(10), index::MatrixSource(vectors.view()), chosen, 1, [] {}, [](std::size_t) {});
  CHECK(server.count("v") == 3);
  CHECK(server.collections["v"].rows.at("7").second[0] == 7);
}
