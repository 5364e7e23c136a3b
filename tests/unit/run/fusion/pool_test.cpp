#include "matcher/run/fusion/pool.hpp"

#include <catch2/catch_test_macros.hpp>

#include "unit/run/runs.hpp"

using namespace matcher::run;
using matcher::eval::Fusion;
using test::query;

namespace {

std::vector<Run> two_members() {
  return {
      test::make_run(
          {query("q", "tea", {{"c", "tea", 0.5f}, {"a", "milk", 0.25f}}), query("r", "soap", {{"a", "milk", 0.5f}}, 0)},
          "one"),
      test::make_run({query("q", "tea", {{"b", "tea", 0.75f}}), query("r", "soap", {{"b", "tea", 0.5f}}, 0)}, "two")};
}

}  // namespace

TEST_CASE("candidates of a query are the answers of all members, in the order of their ids") {
  const auto members = two_members();
  const auto found = candidates_of(members, 0, Fusion::score);
  REQUIRE(found.answers.size() == 3);
  CHECK(found.answers[0]->id == "a");
  CHECK(found.answers[2]->id == "c");
  CHECK(found.pool.relevant == std::vector<std::uint8_t>{0, 1, 1});
  CHECK(found.pool.points[0] == std::vector<double>{0.25, 0.25, 0.5});  // a missing answer has the last score
  CHECK(found.pool.points[1] == std::vector<double>{0.75, 0.75, 0.75});
}

TEST_CASE("pools are those of known queries") {
  const auto members = two_members();
  const std::vector<std::size_t> rows{0, 1};
  CHECK(pools_of(members, rows, Fusion::score).size() == 1);
}

TEST_CASE("fused queries keep the best answers, and know which are right") {
  const auto members = two_members();
  const auto fused = fused_queries(members, Fusion::score, std::vector<double>{0.5, 0.5}, 2);
  REQUIRE(fused.size() == 2);
  REQUIRE(fused[0].answers.size() == 2);
  CHECK(fused[0].answers[0].id == "c");
  CHECK(fused[0].answers[1].id == "a");  // equal to "b": the order of ids decides
  CHECK(fused[0].right == std::vector<std::size_t>{1});
  CHECK(fused[0].id == "q");
}

TEST_CASE("a fused query names the photos of its own answers, not those of the first member") {
  auto members = two_members();
  members[0].queries[0].details.edit().answer_path = "c.jpg";
  members[1].queries[0].details.edit().answer_path = "b.jpg";
  members[1].queries[0].answers.push_back({"a", "milk", 0.125f});
  const auto photo_with = [&](double first, double second) {
    return fused_queries(members, Fusion::score, std::vector<double>{first, second}, 2)[0].details->answer_path;
  };
  CHECK(photo_with(1, 0.01) == "c.jpg");
  CHECK(photo_with(0.01, 1) == "b.jpg");
  members[1].queries[0].details.edit().answer_path.clear();
  CHECK(photo_with(0.01, 1).empty());  // better none than that of another item
}

TEST_CASE("a fused query that is wrong names a right item that any member found") {
  std::vector<Run> members{test::make_run({query("q", "tea", {{"c", "tea", 0.5f}})}, "one"),
                           test::make_run({query("q", "tea", {{"a", "milk", 0.5f}})}, "two")};
  members[0].queries[0].details.edit().answer_path = "c.jpg";
  members[1].queries[0].details.edit().answer_path = "a.jpg";
  const auto fused = fused_queries(members, Fusion::score, std::vector<double>{0.5, 0.5}, 1)[0];
  CHECK(fused.answers[0].id == "a");
  CHECK(fused.details->answer_path == "a.jpg");
  CHECK(fused.details->right_id == "c");
  CHECK(fused.details->right_path == "c.jpg");
}
