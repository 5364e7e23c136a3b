#include "matcher/run/foreign.hpp"

#include "matcher/run/comparison.hpp"
#include "unit/core/scratch.hpp"
#include "unit/run/runs.hpp"

using namespace matcher::run;
using matcher::ErrorCode;
using matcher::test::error_of;
using test::query;

namespace {

/// A run of matcher: "q 1" right at rank 1, q2 wrong, q3 unknown.
Run own() {
  return test::make_run(
      {query("q 1", "tea", {{"t1", "tea", 0.9f}}), query("q2", "tea", {{"m1", "milk", 0.9f}, {"t1", "tea", 0.8f}}),
       query("q3", "soap", {{"t1", "tea", 0.5f}}, 0)},
      "own");
}

/// As read_trec_run() reads it: `right` has the ranks of the right answers.
RankedQuery foreign_query(const std::string& id, std::vector<std::size_t> right, std::size_t relevant = 1) {
  RankedQuery made;
  made.id = id;
  made.relevant = relevant;
  made.right = std::move(right);
  made.answers = {{"x", "", 0.5f}};
  return made;
}

Run foreign(std::vector<RankedQuery> queries, std::size_t depth = 20) {
  Run run;
  run.foreign = true;
  run.report.model.name = "other-engine";
  run.report.dataset.name = "folder";
  run.report.depth = depth;
  run.queries = std::move(queries);
  run.folder = "runs/other";
  return run;
}

std::string refusal(const Run& other) {
  std::vector<Run> runs{own(), other};
  return error_of(ErrorCode::mismatch, [&] { join_foreign(runs, {"top1"}); });
}

}  // namespace

TEST_CASE("a run of another system is compared with one of matcher, query by query") {
  std::vector<Run> runs{own(), foreign({foreign_query("q2", {1}), foreign_query("q%201", {2})})};
  join_foreign(runs, {"ndcg"});
  CHECK(runs[1].report.dataset.name == "shelf");
  CHECK(runs[1].queries[0].id == "q 1");
  CHECK(runs[1].queries[0].label == "tea");
  CHECK(runs[1].report.metrics.size() == 2);  // those of the run of matcher
  const auto found = compare(runs, 0, {});
  CHECK(found.rows[1].report.metrics[0].second.value == 0.5);
  CHECK(found.rows[1].report.metrics[1].second.value == 0.75);
  REQUIRE(found.rows[1].changes.broken.size() == 1);
  CHECK(found.rows[1].changes.broken[0].id == "q 1");
  CHECK(found.rows[1].changes.broken[0].after.label == "item x");
  REQUIRE(found.rows[1].changes.fixed.size() == 1);
}

TEST_CASE("two runs of other systems are compared by the given metrics") {
  std::vector<Run> runs{foreign({foreign_query("a", {1}), foreign_query("b", {})}),
                        foreign({foreign_query("b", {1}), foreign_query("a", {1})})};
  runs[1].folder = "runs/second";
  join_foreign(runs, {"top1", "map"});
  const auto found = compare(runs, 0, {});
  CHECK(found.rows[0].report.metrics[0].second.value == 0.5);
  CHECK(found.rows[1].gains[0].second.value == 0.5);
  REQUIRE(found.rows[1].changes.fixed.size() == 1);
  CHECK(found.rows[1].changes.fixed[0].id == "b");
  CHECK(found.rows[1].changes.broken.empty());
}

TEST_CASE("all runs keep as many answers as the one with the fewest") {
  std::vector<Run> runs{own(), foreign({foreign_query("q%201", {1}), foreign_query("q2", {})}, 1)};
  join_foreign(runs, {});
  CHECK(runs[0].report.depth == 1);
  CHECK(runs[0].report.metrics[1].second.value == 0.5);  // the right answer at rank 2 is not kept
}

TEST_CASE("runs that judge other queries are refused by name") {
  CHECK(
      refusal(foreign({foreign_query("q2", {1})})) ==
      "cannot compare the runs \"runs/own\" and \"runs/other\": they judge 2 and 1 queries. Judge the same queries in "
      "both");
  CHECK(refusal(foreign({foreign_query("q2", {1}), foreign_query("q9", {1})}))
            .find("\"q 1\" is a query of the first "
                  "alone") != std::string::npos);
  CHECK(refusal(foreign({foreign_query("q2", {1}), foreign_query("q%201", {1}, 3)}))
            .find("query \"q 1\" has 1 and 3 correct items") != std::string::npos);
}

TEST_CASE("runs of matcher alone stay as they are") {
  std::vector<Run> runs{own(), own()};
  join_foreign(runs, {"ndcg"});
  CHECK(runs[0].report.depth == 20);
  CHECK(runs[0].report.metrics.size() == 2);
}
