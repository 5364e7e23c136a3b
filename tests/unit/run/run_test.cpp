#include "matcher/run/run.hpp"

#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "unit/run/runs.hpp"

using namespace matcher::run;
using test::query;

TEST_CASE("right answers are those with the label of the query") {
  const auto found = query("q", "tea", {{"1", "tea", 3}, {"2", "milk", 2}, {"3", "tea", 1}}, 2);
  CHECK(found.right == std::vector<std::size_t>{1, 3});
  CHECK(is_right(found));
  CHECK_FALSE(is_right(query("q", "tea", {{"2", "milk", 2}, {"3", "tea", 1}})));
  CHECK_FALSE(is_right(query("q", "tea", {})));
}

TEST_CASE("no answer to a query of an unknown label is right") {
  const auto unlabelled = query("q", "", {{"1", "", 1}}, 0);
  CHECK_FALSE(unlabelled.known());
  CHECK_FALSE(is_right(unlabelled));
}

TEST_CASE("a ranking ends at the last right answer") {
  const auto ranking = ranking_of(query("q", "tea", {{"1", "milk", 3}, {"2", "tea", 2}, {"3", "milk", 1}}, 4));
  CHECK(ranking.relevant == std::vector<std::uint8_t>{0, 1});
  CHECK(ranking.relevant_total == 4);
  CHECK(ranking_of(query("q", "tea", {{"1", "milk", 3}})).relevant.empty());
}

TEST_CASE("falling scores keep the order and lower only ties") {
  const std::vector<RankedAnswer> answers{{"1", "", 0.5f}, {"2", "", 0.5f}, {"3", "", 0.5f}, {"4", "", 0.25f}};
  const auto scores = falling_scores(answers);
  CHECK(scores[0] == 0.5f);
  CHECK(scores[1] == std::nextafter(0.5f, 0.0f));
  CHECK(scores[2] == std::nextafter(scores[1], 0.0f));
  CHECK(scores[3] == 0.25f);
  CHECK(falling_scores({}).empty());
}

TEST_CASE("scores that fall already stay as they are") {
  const std::vector<RankedAnswer> answers{{"1", "", 0.9f}, {"2", "", -0.1f}, {"3", "", -0.2f}};
  CHECK(falling_scores(answers) == std::vector<float>{0.9f, -0.1f, -0.2f});
}

TEST_CASE("a comparison needs the first answers only") {
  auto run = test::make_run({query("q", "tea", {{"1", "tea", 3}, {"2", "tea", 2}}, 2), query("r", "tea", {})});
  run.queries[0].relevant_ids = {"1", "2"};
  run.queries[0].details.edit().text = "tea";
  run.queries[0].details.edit().columns = {{"brand", "Sun"}, {"view", "front"}};
  const std::vector<std::string> columns{"view"};
  keep_first_answers(run, columns);
  CHECK(run.queries[0].details->text.empty());
  CHECK(run.queries[0].details->columns == matcher::ColumnValues{{"view", "front"}});
  REQUIRE(run.queries[0].answers.size() == 1);
  CHECK(run.queries[0].answers[0].id == "1");
  CHECK(run.queries[0].right == std::vector<std::size_t>{1, 2});
  CHECK(run.queries[0].relevant_ids.empty());
  CHECK(run.queries[1].answers.empty());
}
