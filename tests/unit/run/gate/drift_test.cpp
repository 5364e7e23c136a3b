#include "matcher/run/gate/drift.hpp"

#include <catch2/catch_test_macros.hpp>

#include "unit/run/runs.hpp"

using namespace matcher::run;
using matcher::eval::Verdict;

namespace {

/// Queries whose best scores are spread evenly from `low` to `low` + 0.5; every fourth has an unknown label.
Run run_of(std::size_t queries, float low, const std::string& model = "a") {
  std::vector<RankedQuery> all;
  for (std::size_t i = 0; i < queries; ++i) {
    const float score = low + 0.5f * float(i) / float(queries);
    all.push_back(test::query("q" + std::to_string(i), "tea", {{"t", "tea", score}}, i % 4 ? 1 : 0));
  }
  return test::make_run(std::move(all), model);
}

matcher::report::DriftCheck judge(const Run& baseline, const Run& run, double limit) {
  const std::vector<Run> runs{baseline, run};
  const auto checks = judge_drift(runs, 0, limit);
  REQUIRE(checks.size() == 1);
  return checks[0];
}

}  // namespace

TEST_CASE("scores that moved fail, small moves pass, and few queries are undecided") {
  const auto before = run_of(200, 0.4f);
  const auto far = judge(before, run_of(180, 0.2f), 0.1);
  CHECK(far.verdict == Verdict::fail);
  CHECK(far.distance > 0.3);
  CHECK(far.queries == 180);
  CHECK(far.baseline_queries == 200);
  CHECK(judge(before, run_of(180, 0.39f), 0.1).verdict == Verdict::pass);
  CHECK(judge(run_of(8, 0.4f), run_of(8, 0.3f), 0.1).verdict == Verdict::undecided);
  CHECK(judge(before, before, 0).verdict == Verdict::pass);
}

TEST_CASE("scores of another model say nothing about the photos") {
  const auto check = judge(run_of(200, 0.4f, "a"), run_of(200, 0.1f, "b"), 0.1);
  CHECK(check.verdict == Verdict::undecided);
  CHECK(check.doubt == "the models differ (print of and print of), so their scores do, too");
}
