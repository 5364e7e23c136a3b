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

TEST_CASE("a sentence has the verdict, the drop, its bounds and the limit") {
  auto passed = check("mrr", -0.005, Verdict::pass), open = check("top1", 0.036, Verdict::undecided);
  passed.bounds = {-0.0125, 0.00001};
  open.bounds = {-0.017, 0.093};
  const auto said = sentences({{check("top1", 0.025, Verdict::fail), passed, open}, {}});
  REQUIRE(said.size() == 3);
  CHECK(said[0] == "FAIL top-1 of b (new): down 2.5 points (95 %: 2.0 to 3.0 down), limit 1.0");
  CHECK(said[1] == "PASS MRR of b (new): up 0.0050 (95 %: 0.0125 up to 0.0000), limit 0.0100");
  CHECK(said[2] ==
        "UNDECIDED top-1 of b (new): down 3.6 points (95 %: 1.7 up to 9.3 down), limit 1.0. Add test photos or raise "
        "the limit");
}

TEST_CASE("an unchanged metric needs no numbers") {
  auto c = check("top1", 0, Verdict::pass);
  c.unchanged = true;
  CHECK(sentences({{c}, {}})[0] == "PASS top-1 of b (new): no change of any query");
}

TEST_CASE("a check by label names the labels beyond the limit") {
  LabelCheck c{"b", "new", "top1", 0.1, 3, 1, {}, Verdict::fail};
  c.fell = {{"8", 8, {0.5, 1, 0.001}, 0.003, "tea"}, {"7", 8, {0.25, 0.5, 0.5}, 1, "soap"}};
  CHECK(c.beyond().size() == 1);
  CHECK(sentences({{}, {c}})[0] ==
        "FAIL top-1 of b (new) by label: 1 of 3 labels shown to be down by more than 10.0 points: tea (8 queries) down "
        "50.0");
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
