#include "matcher/run/best_scores.hpp"

#include <catch2/catch_test_macros.hpp>

#include "unit/run/runs.hpp"

using namespace matcher::run;
using test::query;

TEST_CASE("best scores are those of known and unknown queries") {
  BestScores scores;
  add(scores, query("right", "tea", {{"1", "tea", 0.75f}, {"2", "tea", 0.5f}, {"3", "milk", 0.25f}}, 2));
  add(scores, query("wrong", "tea", {{"3", "milk", 0.5f}, {"1", "tea", 0.25f}}));
  add(scores, query("unknown", "soap", {{"1", "tea", 0.125f}}, 0));
  REQUIRE(scores.known.size() == 2);
  CHECK(scores.known[0].score == 0.75);
  CHECK(scores.known[0].right);
  CHECK(scores.known[1].score == 0.5);
  CHECK_FALSE(scores.known[1].right);
  CHECK(scores.unknown == std::vector<double>{0.125});
  CHECK(scores.left_out == std::vector<double>{0.25, 0.5});  // the best answer of another label
}

TEST_CASE("a query without answers, or with answers of its label only, has no such score") {
  BestScores scores;
  add(scores, query("none", "tea", {}));
  add(scores, query("alone", "tea", {{"1", "tea", 0.5f}}));
  CHECK(scores.known.size() == 1);
  CHECK(scores.left_out.empty());
}
