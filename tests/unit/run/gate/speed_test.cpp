#include "matcher/run/gate/speed.hpp"

#include <catch2/catch_test_macros.hpp>

#include "unit/report/example.hpp"
#include "unit/run/runs.hpp"

using namespace matcher::run;
using matcher::eval::Verdict;

namespace {

Run run_with(double images_per_second, const std::string& name) {
  auto run = test::counted_run(3, 1, name);
  run.report.speed.trial = matcher::report::example_trial(images_per_second);  // two images per second up and down
  return run;
}

matcher::report::SpeedCheck judge(const Run& baseline, const Run& run, double limit) {
  const auto metrics = test::metrics({"top1"});
  const std::vector<MeasuredRun> measured{measure_each(baseline, metrics), measure_each(run, metrics)};
  const auto checks = judge_speed(measured, 0, {{"images_per_second", limit}});
  REQUIRE(checks.size() == 1);
  return checks[0];
}

}  // namespace

TEST_CASE("a speed fails only if every pair of repeats is beyond the limit, and passes only if every pair is within") {
  const auto before = run_with(60, "a");
  CHECK(judge(before, run_with(40, "b"), 0.2).verdict == Verdict::fail);       // 1 - 42/58 = 28 %
  CHECK(judge(before, run_with(60, "b"), 0.1).verdict == Verdict::pass);       // 1 - 58/62 = 6 %
  CHECK(judge(before, run_with(54, "b"), 0.1).verdict == Verdict::undecided);  // 3 % to 16 %
  const auto faster = judge(before, run_with(120, "b"), 0);
  CHECK(faster.verdict == Verdict::pass);
  CHECK(faster.slowdown == -1);
}

TEST_CASE("speeds of other conditions are undecided, with the reason") {
  const auto before = run_with(60, "a");
  auto now = run_with(30, "b");
  now.report.speed.trial->processor = "Other 2000";
  const auto machine = judge(before, now, 0.1);
  CHECK(machine.verdict == Verdict::undecided);
  CHECK(machine.doubt == "machine Other 2000, 2 cores (others: Example 1000, 2 cores)");
  now.report.speed.trial = matcher::report::example_trial(30);
  now.report.speed.trial->load = 0.5;
  CHECK(judge(before, now, 0.1).doubt == "other programs used 50 % of the processor");
  CHECK(judge(now, before, 0.1).doubt == "baseline: other programs used 50 % of the processor");
  now.report.speed.trial.reset();
  CHECK(judge(before, now, 0.1).doubt == "its speed was not measured; evaluate it with --speed");
  CHECK(judge(now, before, 0.1).doubt == "the speed of the baseline was not measured; evaluate it with --speed");
}

TEST_CASE("an absolute limit is decided if all repeats are on one side of it") {
  const auto judge_limit = [](const Run& run, const std::string& measure, double limit) {
    const auto metrics = test::metrics({"top1"});
    const std::vector<MeasuredRun> measured{measure_each(run, metrics), measure_each(run, metrics)};
    const auto checks = judge_speed_limits(measured, 0, {{measure, limit}});
    REQUIRE(checks.size() == 1);
    return checks[0];
  };
  auto run = run_with(60, "a");  // 58 to 62
  CHECK(judge_limit(run, "images_per_second", 58).verdict == Verdict::pass);
  CHECK(judge_limit(run, "images_per_second", 60).verdict == Verdict::undecided);
  CHECK(judge_limit(run, "images_per_second", 63).verdict == Verdict::fail);
  run.report.speed.trial->image_ms_p95 = {20, 18, 25};
  CHECK(judge_limit(run, "image_ms_p95", 25).verdict == Verdict::pass);
  CHECK(judge_limit(run, "image_ms_p95", 20).verdict == Verdict::undecided);
  CHECK(judge_limit(run, "image_ms_p95", 17).verdict == Verdict::fail);
  run.report.speed.trial->load = 0.5;
  CHECK(judge_limit(run, "image_ms_p95", 17).doubt == "other programs used 50 % of the processor");
  CHECK(judge_limit(run, "image_ms_p95", 17).verdict == Verdict::undecided);
  run.report.speed.trial.reset();
  CHECK(judge_limit(run, "image_ms_p95", 17).doubt == "its speed was not measured; evaluate it with --speed");
}
