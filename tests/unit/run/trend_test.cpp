#include "matcher/run/trend.hpp"

#include "unit/core/scratch.hpp"
#include "unit/run/runs.hpp"

using namespace matcher::run;
using matcher::ErrorCode;
using matcher::eval::Verdict;
using matcher::test::error_of;

namespace {

/// A run with this many right and wrong first answers.
Run night(std::size_t right, std::size_t wrong, const std::string& name, const std::string& created) {
  auto run = test::counted_run(right, wrong, name);
  run.made = {created, "host", 1};
  return run;
}

}  // namespace

TEST_CASE("a trend is in the order of time, and names the first run that is shown to be worse") {
  const auto reference = night(80, 20, "a", "2026-01-01T00:00:00Z");
  const auto trend = follow({night(50, 50, "d", "2026-01-04T00:00:00Z"), reference,
                             night(79, 21, "b", "2026-01-02T00:00:00Z"), night(55, 45, "c", "2026-01-03T00:00:00Z")},
                            reference, {});
  REQUIRE(trend.nights.size() == 4);
  CHECK(trend.metric == "top1");
  CHECK(trend.reference == "runs/a");
  CHECK(trend.nights[0].run == "runs/a");
  CHECK(trend.nights[1].run == "runs/b");
  CHECK(trend.nights[1].verdict == Verdict::pass);
  CHECK(trend.nights[2].verdict == Verdict::fail);
  CHECK(trend.nights[2].gain.value == -0.25);
  CHECK(trend.nights[2].gain.p_corrected >= trend.nights[2].gain.p);
  CHECK(trend.nights[3].verdict == Verdict::fail);
  REQUIRE(trend.first_bad() != nullptr);
  CHECK(trend.first_bad()->run == "runs/c");
}

TEST_CASE("with a limit, a run fails, passes or is undecided as in a gate") {
  const auto reference = night(80, 20, "a", "1");
  TrendOptions options;
  options.max_drop = MetricLimit{"top1", 0.1};
  const auto trend = follow({reference, night(80, 20, "b", "2"), night(72, 28, "c", "3"), night(40, 60, "d", "4")},
                            reference, options);
  CHECK(trend.nights[1].verdict == Verdict::pass);
  CHECK(trend.nights[2].verdict == Verdict::undecided);
  CHECK(trend.nights[3].verdict == Verdict::fail);
  CHECK(trend.nights[3].drop.value == 0.4);
}

TEST_CASE("a grown night is compared on the queries that the reference has") {
  const auto reference = night(8, 2, "a", "1");
  const auto trend = follow({reference, night(9, 6, "b", "2")}, reference, {});
  CHECK(trend.nights[1].queries == 15);
  CHECK(trend.nights[1].common == 10);
  CHECK(trend.nights[1].value.value == 0.6);
  CHECK(trend.nights[1].gain.value == 0.1);
}

TEST_CASE("runs of another dataset, or without the metric, are not of one series") {
  const auto reference = night(8, 2, "a", "1");
  auto other = night(8, 2, "b", "2");
  other.report.dataset.name = "other";
  CHECK(error_of(ErrorCode::mismatch, [&] {
          follow({other}, reference, {});
        }).starts_with("the runs \"runs/a\" and \"runs/b\" are not of one series"));
  CHECK(error_of(ErrorCode::usage, [&] {
          follow({reference}, reference, {"ndcg", {}, matcher::eval::Resample::query});
        }).starts_with("the run \"runs/a\" has no metric \"ndcg\"; it has "));
}
