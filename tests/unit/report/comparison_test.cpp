#include "matcher/report/comparison.hpp"

#include <catch2/catch_test_macros.hpp>

#include "unit/report/example.hpp"

using namespace matcher::report;
using matcher::eval::Verdict;

namespace {

Check check(const std::string& metric, double drop, Verdict verdict) {
  Check c{"b", "new", metric, 0.01, {drop, 1, 0.0001}, {0.02, 0.03}};
  c.verdict = verdict;
  return c;
}

}  // namespace

TEST_CASE("a sentence has the drop, its bounds, the limit and the verdict") {
  const auto said = sentences({{check("top1", 0.025, Verdict::fail), check("mrr", -0.005, Verdict::pass)}, {}});
  REQUIRE(said.size() == 2);
  CHECK(said[0] ==
        "top-1 of b (new) fell by 2.5 points (it fell by at least 2.0 points, at most 3.0 points, each 95 % sure), "
        "1.0 points allowed: fail");
  CHECK(said[1] ==
        "MRR of b (new) rose by 0.0050 (it fell by at least 0.0200, at most 0.0300, each 95 % sure), 0.0100 allowed: "
        "pass");
}

TEST_CASE("an unchanged metric needs no numbers") {
  auto c = check("top1", 0, Verdict::pass);
  c.unchanged = true;
  CHECK(sentences({{c}, {}})[0] == "top-1 of b (new) is unchanged for every query: pass");
}

TEST_CASE("a check by label names the labels beyond the limit") {
  LabelCheck c{"b", "new", "top1", 0.1, 3, 1, {}, Verdict::fail};
  c.fell = {{"8", 8, {0.5, 1, 0.001}, 0.003, "tea"}, {"7", 8, {0.25, 0.5, 0.5}, 1, "soap"}};
  CHECK(c.beyond().size() == 1);
  CHECK(
      sentences({{}, {c}})[0] ==
      "top-1 of b (new) by label, 10.0 points allowed: 1 of 3 labels shown to have fallen further: fail; label tea by "
      "50.0 points of 8 queries");
}

TEST_CASE("the verdict of a gate is the worst of its checks") {
  const auto verdict = [](std::vector<Check> checks, std::vector<LabelCheck> labels) {
    return Gate{std::move(checks), std::move(labels)}.verdict();
  };
  const auto pass = check("top1", 0, Verdict::pass), open = check("top1", 0, Verdict::undecided);
  const LabelCheck failed{"b", "new", "top1", 0.1, 3, 1, {}, Verdict::fail};
  CHECK(verdict({pass, pass}, {}) == Verdict::pass);
  CHECK(verdict({pass, open}, {}) == Verdict::undecided);
  CHECK(verdict({pass, open}, {failed}) == Verdict::fail);
}

TEST_CASE("a row has its run beside the name only if two rows have the same model") {
  Comparison c{"a", {{example_report("a"), {}, "old"}, {example_report("b"), {}, "new"}}};
  CHECK(name_of(c.rows[0], c) == "a");
  c.rows[1].report.model.name = "a";
  CHECK(name_of(c.rows[0], c) == "a (old)");
  CHECK(name_of(c.rows[1], c) == "a (new)");
}
