#include "matcher/run/measure.hpp"

#include "unit/core/scratch.hpp"
#include "unit/run/runs.hpp"

using namespace matcher::run;
using matcher::ErrorCode;
using matcher::eval::Resample;
using matcher::test::error_of;
using test::query;

namespace {

/// Three known queries with the first right answer at ranks 1, 2 and none; two queries of unknown labels.
std::vector<RankedQuery> five_queries() {
  return {query("q1", "tea", {{"t1", "tea", 0.9f}}), query("q2", "tea", {{"m1", "milk", 0.9f}, {"t1", "tea", 0.8f}}),
          query("q3", "milk", {{"t1", "tea", 0.9f}}), query("q4", "soap", {{"t1", "tea", 0.9f}}, 0),
          query("q5", "salt", {{"t1", "tea", 0.9f}}, 0)};
}

}  // namespace

TEST_CASE("metrics count the queries with a right answer in the gallery") {
  const auto run = test::make_run(five_queries());
  CHECK(known_queries(run.queries).size() == 3);
  const auto measured = measure_each(run, test::metrics({"top1", "mrr"}));
  CHECK(measured.values == Values{{1, 0, 0}, {1, 0.5, 0}});
  CHECK(measured.run == &run);
  CHECK(run.report.metrics[0].second.value == 1.0 / 3);
  CHECK(run.report.metrics[1].second.value == 0.5);
}

TEST_CASE("a report counts the unknown queries and their labels") {
  auto run = test::make_run(five_queries());
  CHECK(run.report.dataset.unknown_queries == 2);
  CHECK(run.report.dataset.unknown_labels == std::vector<std::string>{"salt", "soap"});
  measure(run, test::metrics({"top1"}));
  CHECK(run.report.dataset.unknown_queries == 2);  // not counted again
}

TEST_CASE("a report has the breakdown by label, with names for people") {
  auto run = test::make_run(five_queries());
  run.label_names = {{"tea", "Green tea"}, {"soap", "Soap"}};
  measure(run, test::metrics({"top1"}));
  REQUIRE(run.report.breakdown.labels.size() == 2);
  CHECK(run.report.breakdown.confused.size() == 2);
  CHECK(name_of(run.report, "tea") == "Green tea");
  CHECK(name_of(run.report, "soap") == "soap");  // not in the breakdown
}

TEST_CASE("by label, queries of a label are one group") {
  const auto run = test::make_run(five_queries());
  const auto known = known_queries(run.queries);
  CHECK(groups_of(known, Resample::query).empty());
  CHECK(groups_of(known, Resample::label) == std::vector<std::uint32_t>{0, 0, 1});
}

TEST_CASE("intervals follow the unit of the report") {
  auto run = test::make_run(five_queries());
  const auto by_query = run.report.metrics[0].second;
  run.report.resample = Resample::label;
  measure(run, test::metrics({"top1", "mrr"}));
  CHECK(run.report.metrics[0].second.value == by_query.value);
  CHECK(run.report.metrics[0].second.low != by_query.low);
}

TEST_CASE("a run without a right answer in the gallery cannot be measured") {
  Run run;
  run.report.dataset.name = "shelf";
  run.queries = {query("q4", "soap", {{"t1", "tea", 0.9f}}, 0)};
  CHECK(error_of(ErrorCode::input, [&] { measure(run, test::metrics({"top1"})); }) ==
        "none of the 1 queries of \"shelf\" has a right answer in the gallery; check the label column, or qrels.trec");
}
