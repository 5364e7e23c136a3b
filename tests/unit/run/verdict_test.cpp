#include "matcher/run/verdict.hpp"

#include <catch2/catch_test_macros.hpp>

#include "matcher/run/comparison.hpp"
#include "unit/run/runs.hpp"

using namespace matcher::run;

namespace {

/// Runs whose names say how many of 100 queries they answer rightly.
matcher::report::Comparison compared(std::initializer_list<std::size_t> right, std::size_t baseline = 0) {
  std::vector<Run> runs;
  for (const auto n : right) runs.push_back(test::counted_run(n, 100 - n, "m" + std::to_string(n)));
  return compare(runs, baseline, {});
}

std::vector<std::string> names(const std::vector<matcher::report::Contender>& all) {
  std::vector<std::string> out;
  for (const auto& one : all) out.push_back(one.model);
  return out;
}

}  // namespace

TEST_CASE("the verdict names the best run, those not shown to differ, and the worse ones") {
  const auto verdict = compared({50, 78, 80, 60}).verdict.value();
  CHECK(verdict.metric == "top1");
  CHECK(verdict.best.model == "m80");
  CHECK(names(verdict.not_shown_to_differ) == std::vector<std::string>{"m78"});
  CHECK(names(verdict.worse) == std::vector<std::string>{"m60", "m50"});
  CHECK(verdict.worse[0].behind.value == 0.2);
  CHECK(verdict.worse[0].behind.p_corrected <= 0.05);
}

TEST_CASE("p of the verdict is corrected over all comparisons with the best run") {
  const auto two = compared({80, 74}).verdict.value();  // six queries, one way: p = 1/32
  CHECK(names(two.worse) == std::vector<std::string>{"m74"});
  const auto three = compared({80, 74, 75}, 2).verdict.value();
  CHECK(three.worse.empty());
  CHECK(names(three.not_shown_to_differ) == std::vector<std::string>{"m75", "m74"});
}

TEST_CASE("verdict and table agree on the best run and the baseline") {
  for (const std::size_t baseline : {0, 1, 2}) {
    const auto found = compared({80, 74, 75}, baseline);
    const auto& best = found.rows[0];
    for (const auto& one : found.verdict->not_shown_to_differ) {
      if (one.model != found.baseline) continue;
      CHECK(one.behind.p_corrected == best.gains[0].second.p_corrected);
    }
  }
}

TEST_CASE("equal runs do not differ, and the first of them counts as the best") {
  const auto verdict = compared({70, 70}).verdict.value();
  CHECK(verdict.not_shown_to_differ.size() == 1);
  CHECK(verdict.not_shown_to_differ[0].behind.value == 0);
  CHECK(verdict.not_shown_to_differ[0].behind.p_corrected == 1);
}
