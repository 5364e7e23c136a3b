#include "matcher/run/gate/slices.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>

#include "unit/core/scratch.hpp"
#include "unit/run/runs.hpp"

using namespace matcher::run;
using matcher::eval::Resample;
using matcher::eval::Verdict;

namespace {

/// `counts` queries per category; those of the categories in `broken` are answered wrongly.
Run run_of(const std::vector<std::pair<std::string, int>>& counts, const std::vector<std::string>& broken,
           const std::string& model) {
  std::vector<RankedQuery> queries;
  for (const auto& [category, count] : counts) {
    const bool wrong = std::ranges::count(broken, category) > 0;
    for (int i = 0; i < count; ++i) {
      const auto label = category + std::to_string(i / 4), answer = wrong ? "other" : label;
      queries.push_back(test::query(category + "/" + std::to_string(i), label, {{answer, answer, 0.5f}}));
      queries.back().category = category;
    }
  }
  return test::make_run(std::move(queries), model);
}

std::vector<matcher::report::SliceCheck> judge(const Run& baseline, const Run& run, const GateOptions& options,
                                               Resample resample = Resample::query) {
  const auto metrics = test::metrics({"top1", "mrr"});
  const std::vector<MeasuredRun> measured{measure_each(baseline, metrics), measure_each(run, metrics)};
  return judge_slices(measured, 0, options, resample);
}

const std::vector<std::pair<std::string, int>> counts{{"juice", 40}, {"milk", 40}, {"tea", 8}};

}  // namespace

TEST_CASE("the category that broke is named, and small ones are undecided without holding the gate up") {
  const GateOptions options{.slices = {"category"}, .max_drop_slice = {{"top1", 0.1}}};
  const auto checks = judge(run_of(counts, {}, "a"), run_of(counts, {"juice"}, "b"), options);
  REQUIRE(checks.size() == 1);
  const auto& check = checks[0];
  CHECK(check.column == "category");
  CHECK(check.fewest == 29);
  CHECK(check.verdict == Verdict::fail);
  REQUIRE(check.slices.size() == 3);
  CHECK(check.slices[0].name == "juice");
  CHECK(check.slices[0].verdict == Verdict::fail);
  CHECK(check.slices[0].test.value == 1);
  CHECK(check.slices[0].p_beyond_corrected > check.slices[0].test.p_beyond);
  CHECK(check.slices[1].verdict == Verdict::pass);
  CHECK(check.slices[2].verdict == Verdict::undecided);
  CHECK(check.slices[2].too_few);
  const auto same = judge(run_of(counts, {}, "a"), run_of(counts, {}, "b"), options);
  CHECK(same[0].slices[2].too_few);
  CHECK(same[0].verdict == Verdict::pass);
}

TEST_CASE("a small slice can fail") {
  const GateOptions options{.slices = {"category"}, .max_drop_slice = {{"top1", 0.1}}};
  const auto checks = judge(run_of(counts, {}, "a"), run_of(counts, {"tea"}, "b"), options);
  CHECK(checks[0].slices[2].verdict == Verdict::fail);
  CHECK_FALSE(checks[0].slices[2].too_few);
  CHECK(checks[0].verdict == Verdict::fail);
}

TEST_CASE("slices have the limits of all queries unless they have their own") {
  const GateOptions options{.max_drop = {{"top1", 0.2}, {"mrr", 0.3}}, .slices = {"category", "label"}};
  const auto checks = judge(run_of(counts, {}, "a"), run_of(counts, {}, "b"), options);
  REQUIRE(checks.size() == 4);
  CHECK(checks[1].metric == "mrr");
  CHECK(checks[1].max_drop == 0.3);
  CHECK(checks[2].column == "label");
  CHECK(checks[2].slices.size() == 22);
  CHECK(checks[2].verdict == Verdict::undecided);  // four queries each
}

TEST_CASE("the same model with equal values passes in every slice") {
  const GateOptions options{.slices = {"category"}, .max_drop_slice = {{"top1", 0}}};
  const auto checks = judge(run_of(counts, {}, "a"), run_of(counts, {}, "a"), options);
  for (const auto& slice : checks[0].slices) CHECK(slice.verdict == Verdict::pass);
  CHECK(checks[0].verdict == Verdict::pass);
}

TEST_CASE("by label, the products of a slice are drawn") {
  const GateOptions options{.slices = {"category"}, .max_drop_slice = {{"top1", 0.1}}};
  const auto checks = judge(run_of(counts, {}, "a"), run_of(counts, {}, "b"), options, Resample::label);
  for (const auto& slice : checks[0].slices) CHECK(slice.too_few);  // ten products, and two
  CHECK(checks[0].verdict == Verdict::undecided);
}

TEST_CASE("queries without a category are in no slice, and slices need some with one") {
  auto baseline = run_of(counts, {}, "a"), run = run_of(counts, {}, "b");
  const GateOptions options{.slices = {"category"}, .max_drop_slice = {{"top1", 0.1}}};
  for (auto* one : {&baseline, &run})
    for (auto& query : one->queries)
      if (query.category == "juice") query.category.clear();
  CHECK(judge(baseline, run, options)[0].slices.size() == 2);
  for (auto* one : {&baseline, &run})
    for (auto& query : one->queries) query.category.clear();
  CHECK(
      matcher::test::error_of(matcher::ErrorCode::input, [&] { judge(baseline, run, options); }) ==
      "--slice category: no query of \"shelf\" has a category. Add a column category to the dataset, or leave --slice "
      "out");
}

TEST_CASE("any column of the catalogue slices the queries, and those without a value are counted") {
  auto run = run_of(counts, {"juice"}, "b");
  for (auto& query : run.queries) {
    if (query.category == "tea") continue;
    query.details.edit().columns = {{"brand", query.category == "juice" ? "Sun" : "Cow"}};
  }
  run.columns = {"brand", "view"};
  const GateOptions options{.slices = {"brand"}, .max_drop_slice = {{"top1", 0.1}}};
  const auto check = judge(run_of(counts, {}, "a"), run, options)[0];  // the baseline is older: it has no columns
  REQUIRE(check.slices.size() == 2);
  CHECK(check.column == "brand");
  CHECK(check.without_value == 8);
  CHECK(check.slices[0].name == "Cow");
  CHECK(check.slices[0].verdict == Verdict::pass);
  CHECK(check.slices[1].name == "Sun");
  CHECK(check.slices[1].verdict == Verdict::fail);
}

TEST_CASE("an unknown column is refused with the known ones") {
  auto run = run_of(counts, {}, "b");
  run.columns = {"brand", "view"};
  const GateOptions options{.slices = {"brnd"}, .max_drop_slice = {{"top1", 0.1}}};
  CHECK(matcher::test::error_of(matcher::ErrorCode::usage, [&] { judge(run_of(counts, {}, "a"), run, options); }) ==
        "--slice: no query of \"runs/b\" has a column \"brnd\". Did you mean \"brand\"? The columns are: label, "
        "category, "
        "brand, view. A column that the catalogue has now is there after the run is made again: matcher eval --model b "
        "--dataset D --output runs/b");
}

TEST_CASE("slices and their limits need each other") {
  const std::vector<std::string> metrics{"top1", "mrr"};
  const auto error = [&](const GateOptions& options) {
    return matcher::test::error_of(matcher::ErrorCode::usage, [&] { check_gate(options, metrics); });
  };
  CHECK(error({.slices = {"label"}}) ==
        "--slice needs a limit. Add --max-drop-slice, for example --max-drop-slice top1=0.10");
  CHECK(error({.max_drop_slice = {{"top1", 0.1}}}) ==
        "--max-drop-slice needs a column. Add --slice category, or --slice label");
  CHECK(error({.max_slowdown = {{"p95", 0.1}}}) ==
        "--max-slowdown names \"p95\", which is not a measured speed. Use images_per_second, image_ms_p50, "
        "image_ms_p95, search_ms_p50, search_ms_p95");
  check_gate({.max_drop = {{"top1", 0.1}}, .slices = {"label"}}, metrics);
}
