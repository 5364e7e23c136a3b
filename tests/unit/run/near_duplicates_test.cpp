#include "matcher/run/near_duplicates.hpp"

#include <catch2/catch_test_macros.hpp>

#include "unit/run/runs.hpp"

using namespace matcher::run;
using test::query;

TEST_CASE("near-duplicates are copies and first answers from the limit on") {
  auto copy = query("copy", "tea", {{"m", "milk", 0.5f}});
  copy.details.edit().copy = "twin";
  const auto run =
      test::make_run({copy, query("near", "tea", {{"t", "tea", 0.98f}}), query("far", "tea", {{"t", "tea", 0.97f}}),
                      query("none", "tea", {}), query("unknown", "soap", {{"t", "tea", 1.0f}}, 0)});
  const auto found = find_near_duplicates(run, 0.98f, test::metrics({"top1"}));
  CHECK(found.limit == double(0.98f));
  CHECK(found.copies == 1);
  CHECK(found.near == 1);
  CHECK(found.others == 2);
  REQUIRE(found.pairs.size() == 2);
  CHECK(found.pairs[0].query == "copy");
  CHECK(found.pairs[0].item == "twin");
  CHECK(found.pairs[0].cosine == 1);
  CHECK(found.pairs[0].copy);
  CHECK(found.pairs[1].item == "t");
  CHECK_FALSE(found.pairs[1].copy);
  CHECK(found.without[0].second.value == 0.5);  // of "far" and "none"
}

TEST_CASE("if every query is a near-duplicate, nothing remains to measure") {
  const auto found = find_near_duplicates(test::counted_run(1, 1), 0.9f, test::metrics({"top1"}));
  CHECK(found.near == 2);
  CHECK(found.others == 0);
  CHECK(found.without.empty());
}

TEST_CASE("pairs are limited, counts are not") {
  const auto found = find_near_duplicates(test::counted_run(700, 700), 0.5, test::metrics({"top1"}));
  CHECK(found.near == 1400);
  CHECK(found.pairs.size() == matcher::report::NearDuplicates::most_pairs);
}
