#include "matcher/eval/breakdown.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers.hpp>

using namespace matcher::eval;
using Catch::Approx;

namespace {

const Ranking first{{1, 0}, 2}, second{{0, 1}, 2}, none{{0, 0}, 2}, unknown{{0, 0}, 0};

std::vector<std::string> keys(const std::vector<Group>& groups) {
  std::vector<std::string> all;
  for (const auto& group : groups) all.push_back(group.key);
  return all;
}

}  // namespace

TEST_CASE("groups hold what was asked, what there is and how often it was found") {
  const std::vector<Ranking> rankings{first, second, first, {{1}, 5}};
  const std::vector<Tags> tags{
      {"tea", "drinks", "tea"}, {"tea", "drinks", "milk"}, {"milk", "drinks", "milk"}, {"soap", "", "soap"}};
  const auto found = breakdown(rankings, tags);
  REQUIRE(keys(found.labels) == std::vector<std::string>{"tea", "milk", "soap"});
  const auto& tea = found.labels[0];
  CHECK(tea.queries == 2);
  CHECK(tea.gallery == 2);
  CHECK(tea.top1.value == 0.5);
  CHECK(tea.top1.low == wilson(1, 2).low);
  CHECK(tea.top1.high == wilson(1, 2).high);
  CHECK(tea.mrr == Approx(0.75));
  CHECK(tea.map == Approx((0.5 + 0.25) / 2));
  REQUIRE(keys(found.categories) == std::vector<std::string>{"drinks"});
  CHECK(found.categories[0].queries == 3);
  CHECK(found.categories[0].gallery == 4);
}

TEST_CASE("a query that is a gallery item itself does not lessen the gallery of its label") {
  const std::vector<Ranking> rankings{{{1}, 2}, {{1}, 3}, {{1}, 2}};
  const std::vector<Tags> tags(3, {"tea", "", "tea"});
  CHECK(breakdown(rankings, tags).labels[0].gallery == 3);
}

TEST_CASE("queries that cannot be answered are in no group, nor are those without a label") {
  const std::vector<Ranking> rankings{unknown, first, none};
  const std::vector<Tags> tags{{"salt", "spices", "tea"}, {"", "drinks", "tea"}, {"", "", "tea"}};
  const auto found = breakdown(rankings, tags);
  CHECK(found.labels.empty());
  CHECK(keys(found.categories) == std::vector<std::string>{"drinks"});
  CHECK(found.confused.empty());
}

TEST_CASE("the most wrong first answers come first, not the lowest share") {
  const std::vector<Ranking> rankings{none, none, first, first, first, none, none};
  const std::vector<Tags> tags{{"a", "", "x"}, {"b", "", "x"}, {"c", "", "c"}, {"c", "", "c"},
                               {"c", "", "c"}, {"c", "", "x"}, {"c", "", "x"}};
  CHECK(keys(breakdown(rankings, tags).labels) == std::vector<std::string>{"c", "a", "b"});
}

TEST_CASE("confusions count labels answered for others, the most frequent first") {
  const std::vector<Ranking> rankings{none, second, none, first, none};
  const std::vector<Tags> tags{
      {"tea", "", "soap"}, {"tea", "", "milk"}, {"tea", "", "milk"}, {"tea", "", "tea"}, {"tea", "", ""}};
  const auto confused = breakdown(rankings, tags).confused;
  REQUIRE(confused.size() == 2);
  CHECK(confused[0].label == "tea");
  CHECK(confused[0].answered == "milk");
  CHECK(confused[0].count == 2);
  CHECK(confused[0].queries == 5);
  CHECK(confused[1].answered == "soap");
}

TEST_CASE("every ranking has its labels") {
  CHECK_THROWS_WITH(breakdown(std::vector<Ranking>{first}, {}),
                    "1 rankings but labels of 0 queries; give one label per ranking");
}
