#include "matcher/run/comparison.hpp"

#include "unit/core/scratch.hpp"
#include "unit/run/runs.hpp"

using namespace matcher::run;
using matcher::ErrorCode;
using matcher::eval::Resample;
using matcher::test::error_of;
using test::query;

namespace {

const Run& base() {
  static const auto run =
      test::make_run({query("q1", "tea", {{"t1", "tea", 0.9f}}), query("q2", "tea", {{"m1", "milk", 0.9f}}),
                      query("q3", "milk", {}), query("q4", "soap", {{"t1", "tea", 0.5f}}, 0)},
                     "old");
  return run;
}

/// The same queries: q1 broken, q2 fixed.
Run changed() {
  return test::make_run({query("q1", "tea", {{"m2", "milk", 0.9f}}), query("q2", "tea", {{"t2", "tea", 0.9f}}),
                         query("q3", "milk", {}), query("q4", "soap", {{"m1", "milk", 0.5f}}, 0)},
                        "new");
}

std::string refusal(const Run& other) {
  const std::vector<Run> runs{base(), other};
  return error_of(ErrorCode::mismatch, [&] { compare(runs, 0, {}); });
}

}  // namespace

TEST_CASE("a comparison has gains and changed queries of every run but the baseline") {
  const std::vector<Run> runs{changed(), base()};
  const auto found = compare(runs, 1, {});
  CHECK(found.baseline == "old");
  REQUIRE(found.rows.size() == 2);
  CHECK(found.rows[1].gains.empty());
  CHECK(found.rows[0].run == "runs/new");
  REQUIRE(found.rows[0].gains.size() == 2);
  CHECK(found.rows[0].gains[0].first == "top1");
  CHECK(found.rows[0].gains[0].second.value == 0);
  const auto& [broken, fixed] = found.rows[0].changes;
  REQUIRE(broken.size() == 1);
  CHECK(broken[0].id == "q1");
  CHECK(broken[0].before.id == "t1");
  CHECK(broken[0].after.label == "milk");
  REQUIRE(fixed.size() == 1);
  CHECK(fixed[0].id == "q2");
  CHECK_FALSE(found.gate.has_value());
}

TEST_CASE("gains are the differences of the metrics, corrected over the models") {
  const std::vector<Run> runs{test::counted_run(40, 60, "a"), test::counted_run(60, 40, "b"),
                              test::counted_run(55, 45, "c")};
  const auto found = compare(runs, 0, {});
  const auto& gain = found.rows[1].gains[0].second;
  CHECK(gain.value == 0.2);
  CHECK(gain.p_corrected > gain.p);
}

TEST_CASE("a comparison by label has intervals by label") {
  const std::vector<Run> runs{base(), changed()};
  const auto by_query = compare(runs, 0, {}), by_label = compare(runs, 0, {Resample::label, {}});
  CHECK(by_query.rows[0].report.metrics[0].second.low == base().report.metrics[0].second.low);
  CHECK(by_label.rows[0].report.metrics[0].second.low != base().report.metrics[0].second.low);
  CHECK(by_label.resample == Resample::label);
  CHECK(by_label.rows[0].report.resample == Resample::label);
  CHECK(by_label.rows[1].gains[0].second.test == "bootstrap");
}

TEST_CASE("a gate is judged where there are margins") {
  const std::vector<Run> runs{base(), changed()};
  const auto found = compare(runs, 0, {Resample::query, {{{"top1", 0.5}}, {}}});
  REQUIRE(found.gate.has_value());
  CHECK(found.gate->checks.size() == 1);
  CHECK(error_of(ErrorCode::usage, [&] {
          compare(runs, 0, {Resample::query, {{}, {{"ndcg", 0.1}}}});
        }).starts_with("--max-drop-label names the metric \"ndcg\""));
}

TEST_CASE("runs of other data are not compared, and the difference is named") {
  auto other = changed();
  other.report.dataset.name = "cellar";
  CHECK(refusal(other) ==
        "cannot compare the runs \"runs/old\" and \"runs/new\": their datasets are \"shelf\" and \"cellar\"; evaluate "
        "both again on the same data");
  other = changed();
  other.report.dataset.protocol = "phones";
  CHECK(refusal(other).find("their protocols are \"\" and \"phones\"") != std::string::npos);
  other = changed();
  other.report.dataset.fingerprint = "0123456789";
  CHECK(refusal(other).find("the images or labels of \"shelf\" changed between them (data data and 01234567)") !=
        std::string::npos);
  other = changed();
  other.report.depth = 5;
  CHECK(refusal(other).find("they keep 20 and 5 answers per query (depth)") != std::string::npos);
}

TEST_CASE("runs of other metrics or queries are not compared") {
  auto other = changed();
  measure(other, test::metrics({"top1"}));
  CHECK(refusal(other).find("their metrics are top1, mrr and top1") != std::string::npos);
  other = changed();
  other.queries.erase(other.queries.begin());
  CHECK(refusal(other).find("they hold different queries (3 and 2)") != std::string::npos);
  other = changed();
  std::swap(other.queries[0].label, other.queries[2].label);
  CHECK(refusal(other).find("they hold different queries (3 and 3)") != std::string::npos);
  other = changed();
  other.queries.pop_back();  // of an unknown label: it is in no metric
  CHECK(compare(std::vector<Run>{base(), other}, 0, {}).rows.size() == 2);
}

TEST_CASE("runs of changed images are compared on their common queries") {
  auto grown = changed();
  grown.report.dataset.fingerprint = "0123456789abcdef0123456789abcdef";
  grown.queries.push_back(query("q5", "tea", {{"t1", "tea", 0.9f}}));
  grown.queries.erase(grown.queries.begin());  // q1 was removed from the dataset
  CHECK(refusal(grown).ends_with(
      "evaluate both again on the same data, or compare the queries that both have: --common"));
  const auto found = compare({base(), grown}, 0, {Resample::query, {}, true});
  REQUIRE(found.common.has_value());
  CHECK(found.common->queries == 2);
  CHECK(found.common->left_out == std::vector<std::size_t>{1, 1});
  CHECK(found.rows[0].report.metrics[0].second.value == 0);    // q2 wrong, q3 wrong
  CHECK(found.rows[1].report.metrics[0].second.value == 0.5);  // q2 right
  CHECK(found.rows[1].gains[0].second.value == 0.5);
  CHECK(found.rows[1].changes.broken.empty());
}

TEST_CASE("runs without a common query are refused") {
  auto other = changed();
  for (auto& each : other.queries) each.id += "x";
  CHECK(
      error_of(ErrorCode::mismatch,
               [&] {
                 compare({base(), other}, 0, {Resample::query, {}, true});
               }) ==
      "the runs \"runs/old\" and \"runs/new\" have no query in common: no id and label of one is in the other. Compare "
      "runs of the same catalogue");
}

TEST_CASE("a gate goes on if the catalogue changed and half of the baseline's queries or more are common") {
  auto grown = changed();
  grown.report.dataset.fingerprint = "0123456789abcdef0123456789abcdef";
  grown.report.dataset.gallery = 9;
  grown.queries.push_back(query("q5", "tea", {{"t1", "tea", 0.9f}}));
  const ComparisonOptions gate{.gate = {.max_drop = {{"top1", 0.5}}}};
  const auto found = compare({base(), grown}, 0, gate);
  REQUIRE(found.common.has_value());
  CHECK(found.common->queries == 3);
  CHECK(found.common->left_out == std::vector<std::size_t>{0, 1});
  CHECK(found.gate->checks.size() == 1);
  CHECK(matcher::report::describe_common(found) ==
        "the 3 queries that all runs have; left out: 1 of runs/new; gallery items: 0 in runs/old, 9 in runs/new");
  CHECK_FALSE(compare({base(), changed()}, 0, gate).common.has_value());
  grown.queries.erase(grown.queries.begin(), grown.queries.begin() + 2);
  CHECK(error_of(ErrorCode::mismatch,
                 [&] {
                   compare({base(), grown}, 0, gate);
                 }) ==
        "the runs have only 1 of the 3 queries of \"runs/old\" in common, less than half. Make a new reference, or "
        "compare "
        "these queries alone: --common");
  CHECK(compare({base(), grown}, 0, {.gate = gate.gate, .common = true}).common->queries == 1);
  grown.report.dataset.protocol = "phones";
  CHECK(error_of(ErrorCode::mismatch, [&] {
          compare({base(), grown}, 0, gate);
        }).starts_with("cannot compare the runs \"runs/old\" and \"runs/new\": their protocols are"));
}

TEST_CASE("drift is judged over all queries, also those that are not common") {
  auto grown = base();
  grown.report.dataset.fingerprint = "0123456789abcdef0123456789abcdef";
  grown.queries.push_back(query("q5", "tea", {{"t1", "tea", 0.9f}}));
  const auto found = compare({base(), grown}, 0, {.gate = {.max_drift = 0.5}});
  REQUIRE(found.gate->drift_checks.size() == 1);
  CHECK(found.gate->drift_checks[0].baseline_queries == 3);  // one query has no answer
  CHECK(found.gate->drift_checks[0].queries == 4);
  CHECK(found.gate->verdict() == matcher::eval::Verdict::pass);
}
