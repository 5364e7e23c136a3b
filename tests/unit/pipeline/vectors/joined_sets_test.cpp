#include "matcher/pipeline/vectors/joined_sets.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cmath>

#include "matcher/pipeline/vectors/vector_set.hpp"
#include "unit/pipeline/stand_ins.hpp"

using namespace matcher;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinRel;
using pipeline::join_sets;
using test::error_of;
using test::item;
using test::manifest;
using test::write_set;

namespace {

store::Manifest shard(std::size_t number, std::size_t of) {
  auto m = manifest();
  m.shard = number;
  m.shards = of;
  return m;
}

std::string ids(const std::vector<store::ItemRow>& items) {
  std::string all;
  for (const auto& each : items) all += each.id;
  return all;
}

}  // namespace

TEST_CASE("A set is read with unit vectors, and split by role", "[joined-sets]") {
  const test::Scratch scratch;
  const auto folder = write_set(scratch / "set", {item("a"), item("b"), item("q", "", "queries")}, manifest(), 3);
  CHECK(ids(join_sets({folder}, Split::all).items) == "abq");
  CHECK(ids(join_sets({folder}, Split::queries).items) == "q");
  const auto set = load_into_memory(join_sets({folder}, Split::gallery));
  CHECK(ids(set.items) == "ab");
  REQUIRE(set.unit.rows == 2);
  CHECK_THAT(set.unit.row(1)[0], WithinRel(4 / std::sqrt(17.0), 1e-6));
  CHECK_THAT(set.unit.row(1)[1], WithinRel(1 / std::sqrt(17.0), 1e-6));
  CHECK(set.manifest.data.fingerprint == store::data_fingerprint(set.items));
}

TEST_CASE("A set of queries alone can be indexed, but a set of the gallery answers no query", "[joined-sets]") {
  const test::Scratch scratch;
  const auto queries = write_set(scratch / "q", {item("q", "", "queries")}, manifest());
  const auto gallery = write_set(scratch / "g", {item("g")}, manifest());
  CHECK(ids(join_sets({queries}, Split::gallery).items) == "q");
  CHECK(join_sets({gallery}, Split::queries).items.empty());
  CHECK(ids(join_sets({queries, gallery}, Split::gallery).items) == "g");
}

TEST_CASE("Shards are joined in their order, whatever the order of the folders", "[joined-sets]") {
  const test::Scratch scratch;
  const auto one = write_set(scratch / "1", {item("a"), item("b")}, shard(1, 3)),
             two = write_set(scratch / "2", {item("c")}, shard(2, 3), 7),
             three = write_set(scratch / "3", {item("d")}, shard(3, 3));
  const auto joined = load_into_memory(join_sets({three, one, two}, Split::all));
  CHECK(ids(joined.items) == "abcd");
  CHECK_THAT(joined.unit.row(2)[0], WithinRel(7 / std::sqrt(50.0), 1e-6));
  CHECK(joined.manifest.shards == 1);
  CHECK_THAT(joined.manifest.images_per_second, WithinRel(10.0));
}

TEST_CASE("Whole sets of several datasets are joined as they are given", "[joined-sets]") {
  const test::Scratch scratch;
  auto other = manifest();
  other.data.name = "market";
  other.images_per_second = 30;
  const auto a = write_set(scratch / "a", {item("a")}, manifest()), b = write_set(scratch / "b", {item("b")}, other);
  const auto joined = join_sets({b, a}, Split::all);
  CHECK(ids(joined.items) == "ba");
  CHECK(joined.manifest.data.name == "market");
  CHECK_THAT(joined.manifest.images_per_second, WithinRel(15.0));
}

TEST_CASE("Sets that do not belong together are refused by their folders", "[joined-sets]") {
  const test::Scratch scratch;
  const auto a = write_set(scratch / "a", {item("a")}, shard(1, 2));
  const auto message = [&](const fs::path& b) {
    return error_of(ErrorCode::mismatch, [&] { join_sets({a, b}, Split::all); });
  };
  auto other = shard(2, 2);
  SECTION("of another model") {
    other.model.fingerprint = "other bytes";
    const auto b = write_set(scratch / "b", {item("b")}, other);
    CHECK_THAT(message(b), ContainsSubstring(a.string()) && ContainsSubstring(b.string()) &&
                               ContainsSubstring("m (2-d, fp32, f)") && ContainsSubstring("m (2-d, fp32, other by)"));
  }
  SECTION("of another listing") {
    other.listing = "newer";
    CHECK_THAT(message(write_set(scratch / "b", {item("b")}, other)), ContainsSubstring("shard 1/2"));
  }
  SECTION("of another split") {
    other.split = Split::gallery;
    CHECK_THAT(message(write_set(scratch / "b", {item("b")}, other)), ContainsSubstring("of the gallery of \"shop\""));
  }
  SECTION("a whole set beside a shard") {
    CHECK_THAT(message(write_set(scratch / "b", {item("b")}, shard(1, 1))), ContainsSubstring("a whole set"));
  }
  SECTION("a shard given twice") {
    CHECK_THAT(message(write_set(scratch / "b", {item("b")}, shard(1, 2))),
               ContainsSubstring("shard 1/2 is given twice"));
  }
  SECTION("an id that both have") {
    CHECK_THAT(message(write_set(scratch / "b", {item("a")}, other)), ContainsSubstring("id \"a\" of the gallery"));
  }
}

TEST_CASE("Missing shards are named with the command that makes the first", "[joined-sets]") {
  const test::Scratch scratch;
  const auto two = write_set(scratch / "2", {item("a")}, shard(2, 4));
  CHECK_THAT(error_of(ErrorCode::mismatch, [&] { join_sets({two}, Split::all); }),
             ContainsSubstring("shards 1, 3, 4 of 4") &&
                 ContainsSubstring("matcher embed --model m --dataset shop --split all --shard 1/4"));
}

TEST_CASE("An id may be in the gallery and among the queries", "[joined-sets]") {
  const test::Scratch scratch;
  const auto a = write_set(scratch / "a", {item("same")}, shard(1, 2)),
             b = write_set(scratch / "b", {item("same", "", "queries")}, shard(2, 2));
  CHECK(join_sets({a, b}, Split::all).items.size() == 2);
}
