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

TEST_CASE("margins are over the best answer of another product") {
  BestScores scores;
  const auto margin = matcher::ScoreKind::margin;
  add(scores,
      query("right", "tea", {{"1", "tea", 0.75f}, {"2", "tea", 0.625f}, {"3", "milk", 0.5f}, {"4", "jam", 0.125f}}, 2),
      margin);
  add(scores, query("unknown", "soap", {{"5", "", 0.5f}, {"6", "", 0.25f}}, 0), margin);  // each a product of its own
  add(scores, query("alone", "tea", {{"1", "tea", 0.5f}}), margin);
  REQUIRE(scores.known.size() == 1);
  CHECK(scores.known[0].score == 0.25);
  CHECK(scores.left_out == std::vector<double>{0.375});
  CHECK(scores.unknown == std::vector<double>{0.25});
}

TEST_CASE("scores come with the products of their queries") {
  const std::vector<RankedQuery> queries{query("a", "tea", {{"1", "tea", 0.75f}, {"3", "milk", 0.25f}}),
                                         query("b", "tea", {{"1", "tea", 0.5f}}), query("c", "milk", {}),
                                         query("d", "", {{"1", "tea", 0.5f}}, 0)};
  const auto all = collect_scores(queries, matcher::ScoreKind::cosine);
  CHECK(all.scores.known.size() == 2);
  CHECK(all.known == std::vector<std::string_view>{"tea", "tea"});
  CHECK(all.left_out == std::vector<std::string_view>{"tea"});
  CHECK(all.unknown == std::vector<std::string_view>{"d"});
}
