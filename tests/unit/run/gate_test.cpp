#include "matcher/run/gate.hpp"

#include <catch2/catch_test_macros.hpp>

#include "unit/run/runs.hpp"

using namespace matcher::run;
using matcher::eval::Verdict;

namespace {

matcher::report::Gate judge_pair(const Run& baseline, const Run& run, const GateOptions& options) {
  const auto metrics = test::metrics({"top1", "mrr"});
  const std::vector<MeasuredRun> measured{measure_each(baseline, metrics), measure_each(run, metrics)};
  return judge(measured, 0, options, {});
}

}  // namespace

TEST_CASE("a gate passes a run that did not fall, and fails one that fell far") {
  const auto good = test::counted_run(90, 10, "good"), bad = test::counted_run(40, 60, "bad");
  const GateOptions options{{{"top1", 0.05}}, {}};
  const auto rise = judge_pair(bad, good, options), fall = judge_pair(good, bad, options);
  REQUIRE(rise.checks.size() == 1);
  CHECK(rise.checks[0].verdict == Verdict::pass);
  CHECK(rise.checks[0].model == "good");
  CHECK(rise.checks[0].run == "runs/good");
  CHECK(fall.checks[0].verdict == Verdict::fail);
  CHECK(fall.checks[0].test.value == 0.5);
  CHECK(fall.checks[0].bounds.low > 0.3);
  CHECK(fall.verdict() == Verdict::fail);
}

TEST_CASE("few queries leave a gate undecided") {
  const auto gate = judge_pair(test::counted_run(7, 3, "a"), test::counted_run(6, 4, "b"), {{{"top1", 0.05}}, {}});
  CHECK(gate.verdict() == Verdict::undecided);
}

TEST_CASE("the same model and index with equal values passes at any margin") {
  const auto gate = judge_pair(test::counted_run(3, 1), test::counted_run(3, 1), {{{"top1", 0}, {"mrr", 0}}, {}});
  for (const auto& check : gate.checks) {
    CHECK(check.unchanged);
    CHECK(check.verdict == Verdict::pass);
    CHECK(check.bounds.high == 0);
  }
}

TEST_CASE("another model with equal values is not unchanged") {
  const auto gate = judge_pair(test::counted_run(3, 1, "a"), test::counted_run(3, 1, "b"), {{{"top1", 0}}, {}});
  CHECK_FALSE(gate.checks[0].unchanged);
  CHECK(gate.verdict() == Verdict::undecided);
}

TEST_CASE("failures are corrected over the checks") {
  const auto good = test::counted_run(60, 40, "good"), bad = test::counted_run(50, 50, "bad");
  const auto alone = judge_pair(good, bad, {{{"top1", 0.02}}, {}});
  const auto both = judge_pair(good, bad, {{{"top1", 0.02}, {"mrr", 0.02}}, {}});
  CHECK(alone.checks[0].p_beyond_corrected == alone.checks[0].test.p_beyond);
  CHECK(both.checks[0].p_beyond_corrected > both.checks[0].test.p_beyond);
}

TEST_CASE("by label, the label that broke is named") {
  std::vector<RankedQuery> before, after;
  for (int i = 0; i < 60; ++i) {
    const std::string label = i % 2 ? "tea" : "milk", id = "q" + std::to_string(i);
    before.push_back(test::query(id, label, {{label, label, 0.5f}}));
    const std::string answer = label == "tea" ? "soap" : label;
    after.push_back(test::query(id, label, {{answer, answer, 0.5f}}));
  }
  const auto gate = judge_pair(test::make_run(before, "a"), test::make_run(after, "b"), {{}, {{"top1", 0.1}}});
  REQUIRE(gate.label_checks.size() == 1);
  const auto& check = gate.label_checks[0];
  CHECK(check.labels == 2);
  CHECK(check.within == 1);
  REQUIRE(check.beyond().size() == 1);
  CHECK(check.beyond()[0].label == "tea");
  CHECK(check.beyond()[0].queries == 30);
  CHECK(check.verdict == Verdict::fail);
}
