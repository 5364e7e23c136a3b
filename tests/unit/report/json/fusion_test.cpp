#include "matcher/report/fusion.hpp"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include "matcher/report/json.hpp"
#include "unit/report/example.hpp"

using namespace matcher::report;
using json = nlohmann::ordered_json;

namespace {

Fusion fusion() {
  Fusion f;
  f.method = matcher::eval::Fusion::score;
  f.exact = true;
  f.ensemble = example_report("a+b", 0.75);
  f.members = {{example_report("a"), 0.25, {{"top1", {0.25, 0.125, 0.5, 0.0625, 0.125, 0.5, "mcnemar"}}}}};
  f.ceiling = {{"top1", {1, 0.5, 1}}};
  f.overlaps = {{"a", "b", {1, 2, 3, 5}}};
  return f;
}

}  // namespace

TEST_CASE("a fusion in JSON has members with weights, the ensemble, the ceiling and the overlap") {
  const auto j = json::parse(to_json(fusion()));
  std::vector<std::string> keys;
  for (const auto& [key, value] : j.items()) keys.push_back(key);
  CHECK(keys == std::vector<std::string>{"schema", "method", "exact", "depth", "dataset", "verdict", "tuning",
                                         "members", "ensemble", "ceiling", "overlap"});
  CHECK(j["schema"] == "matcher.fusion/1");
  CHECK(j["exact"] == true);
  CHECK(j["depth"] == 100);
  CHECK(j["tuning"].is_null());
  CHECK(j["members"][0]["weight"] == 0.25);
  CHECK(j["members"][0]["gain_of_ensemble"].dump() ==
        R"({"top1":{"value":0.25,"low":0.125,"high":0.5,"p":0.0625,"p_corrected":0.125,"shown":false}})");
  CHECK(j["members"][0]["speed"]["images_per_second"] == 12.34);
  CHECK(j["verdict"]["sentence"] == sentence(fusion()));
  CHECK(j["ensemble"]["model"]["name"] == "a+b");
  CHECK(j["ceiling"].dump() == R"({"top1":{"value":1.0,"low":0.5,"high":1.0}})");
  CHECK(j["overlap"].dump() ==
        R"({"k":1,"pairs":[{"a":"a","b":"b","both_right":1,"only_a":2,"only_b":3,"both_wrong":5,"jaccard":0.5}]})");
}

TEST_CASE("the tuning says which queries chose the weights") {
  auto f = fusion();
  f.tuning = Tuning{"shelf", true, 10, 12, 1, 2, 0.5, 0.75};
  CHECK(
      json::parse(to_json(f))["tuning"].dump() ==
      R"({"dataset":"shelf","part":"half","queries":10,"reported":12,"left_out":1,"unread":2,"top1":0.5,"mrr":0.75})");
  f.tuning->half = false;
  CHECK(json::parse(to_json(f))["tuning"]["part"] == "all");
}
