#include "matcher/report/comparison.hpp"

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

#include "matcher/report/json.hpp"
#include "unit/report/example.hpp"

using namespace matcher::report;
using json = nlohmann::ordered_json;
using matcher::eval::Verdict;

namespace {

Comparison comparison() {
  Row baseline{example_report("a", 0.5), {}, "old", {}};
  Row better{example_report("b", 0.75), {{"top1", {0.25, 0.125, 0.5, 0.01, 0.02, 0.5, "mcnemar"}}}, "new", {}};
  better.changes.fixed = {{"q1", "q1.jpg", "8", {"i1", "7", "soap"}, {"i2", "8", "tea"}, "tea"}};
  return {"a", {baseline, better}};
}

}  // namespace

TEST_CASE("a comparison in JSON has a row per run, the baseline without gains") {
  const auto j = json::parse(to_json(comparison()));
  std::vector<std::string> keys;
  for (const auto& [key, value] : j.items()) keys.push_back(key);
  CHECK(keys == std::vector<std::string>{"schema", "baseline", "dataset", "resample", "rows"});
  CHECK(j["schema"] == "matcher.comparison/1");
  CHECK(j["dataset"]["protocol"] == "studio against phone");
  CHECK(j["rows"][0]["run"] == "old");
  CHECK(j["rows"][0]["gain"].empty());
  CHECK(
      j["rows"][1]["gain"].dump() ==
      R"({"top1":{"value":0.25,"low":0.125,"high":0.5,"p":0.01,"p_corrected":0.02,"shown":true,"detectable":0.5,"test":"mcnemar"}})");
  CHECK(j["rows"][1]["broken"].empty());
  CHECK(
      j["rows"][1]["fixed"].dump() ==
      R"([{"id":"q1","path":"q1.jpg","label":"8","name":"tea","before":{"id":"i1","label":"7","name":"soap"},"after":{"id":"i2","label":"8","name":"tea"}}])");
}

TEST_CASE("a gain above the level is not shown, and an unknown detectable size is null") {
  auto c = comparison();
  auto& gain = c.rows[1].gains[0].second;
  gain.p_corrected = 0.0501;
  gain.detectable = std::nan("");
  const auto j = json::parse(to_json(c))["rows"][1]["gain"]["top1"];
  CHECK(j["shown"] == false);
  CHECK(j["detectable"].is_null());
}

TEST_CASE("losses and near-duplicates are in a row only if they were measured") {
  auto c = comparison();
  CHECK_FALSE(json::parse(to_json(c))["rows"][1].contains("losses"));
  c.rows[1].report.losses = {{"top1", {0.25, 0, 0, 0}}};
  c.rows[1].report.near_duplicates = NearDuplicates{};
  const auto row = json::parse(to_json(c))["rows"][1];
  CHECK(row["losses"]["top1"]["model"] == 0.25);
  CHECK(row["near_duplicates"]["pairs_left_out"] == 0);
}

TEST_CASE("a gate in JSON has its verdict and every check") {
  auto c = comparison();
  Check check{"b", "new", "top1", 0.125, {0.25, 0.75, 0.0625}, {0.125, 0.375}};
  check.p_beyond_corrected = 0.125;
  check.verdict = Verdict::undecided;
  LabelCheck labels{"b", "new", "top1", 0.5, 3, 2, {}, Verdict::fail};
  labels.fell = {{"8", 4, {0.75, 1, 0.001}, 0.003, "tea"}, {"7", 4, {0.25, 0.5, 0.5}, 1, "soap"}};
  c.gate = Gate{{check}, {labels}};
  const auto gate = json::parse(to_json(c))["gate"];
  CHECK(gate["verdict"] == "fail");
  CHECK(gate["level"] == 0.05);
  CHECK(gate["checks"].dump() ==
        R"([{"model":"b","run":"new","metric":"top1","max_drop":0.125,"drop":{"value":0.25,"low":0.125,"high":0.375},)"
        R"("p_within":0.75,"p_beyond":0.0625,"p_beyond_corrected":0.125,"unchanged":false,"verdict":"undecided"}])");
  CHECK(
      gate["labels"].dump() ==
      R"([{"model":"b","run":"new","metric":"top1","max_drop":0.5,"labels":3,"within":2,"fell":[)"
      R"({"label":"8","name":"tea","queries":4,"drop":0.75,"p_beyond":0.001,"p_beyond_corrected":0.003,"beyond":true},)"
      R"({"label":"7","name":"soap","queries":4,"drop":0.25,"p_beyond":0.5,"p_beyond_corrected":1.0,"beyond":false}],)"
      R"("verdict":"fail"}])");
}

TEST_CASE("a comparison without rows has an empty dataset") {
  const auto j = json::parse(to_json(Comparison{"a", {}}));
  CHECK(j["dataset"].dump() == "{}");
  CHECK(j["rows"].empty());
}

TEST_CASE("a verdict in JSON names the best run, and the others with the gain over them") {
  auto c = comparison();
  c.verdict = ModelVerdict{"top1",
                           {"b", "new", {0.75, 0.5, 0.875}},
                           {},
                           {{"a", "old", {0.5, 0.25, 0.75}, {0.25, 0.125, 0.5, 0.01, 0.02, 0.5, "mcnemar"}}}};
  const auto j = json::parse(to_json(c))["verdict"];
  CHECK(j["metric"] == "top1");
  CHECK(j["best"].dump() == R"({"model":"b","run":"new","value":0.75,"low":0.5,"high":0.875})");
  CHECK(j["not_shown_to_differ"].empty());
  CHECK(
      j["worse"].dump() ==
      R"([{"model":"a","run":"old","value":0.5,"low":0.25,"high":0.75,"behind":{"value":0.25,"low":0.125,"high":0.5,"p":0.01,"p_corrected":0.02,"shown":true,"detectable":0.5,"test":"mcnemar"}}])");
  CHECK(j["sentence"] == sentence(*c.verdict));
}

TEST_CASE("a measured speed says if it can be compared, and which model is fastest") {
  auto c = comparison();
  CHECK_FALSE(json::parse(to_json(c)).contains("fastest"));
  c.rows[0].report.speed.trial = example_trial(60);
  c.rows[1].report.speed.trial = example_trial(90);
  auto j = json::parse(to_json(c));
  CHECK(j["fastest"].dump() == R"({"model":"b","run":"new"})");
  CHECK(j["rows"][0]["speed"]["comparable"] == true);
  CHECK(j["rows"][0]["speed"]["trial"]["images_per_second"]["low"] == 58);
  c.rows[1].report.speed.trial->load = 0.4;
  j = json::parse(to_json(c));
  CHECK(j["fastest"].is_null());
  CHECK(j["rows"][1]["speed"]["comparable"] == false);
  CHECK(j["rows"][1]["speed"]["doubt"] == "other programs used 40 % of the processor");
}
