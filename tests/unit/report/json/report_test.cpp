#include "matcher/report/report.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <nlohmann/json.hpp>

#include "matcher/core/error.hpp"
#include "matcher/report/json.hpp"
#include "unit/report/example.hpp"

using namespace matcher::report;
using Catch::Matchers::Message;
using Catch::Matchers::MessageMatches;
using Catch::Matchers::StartsWith;
using matcher::Error;
using matcher::ErrorCode;

namespace {

Report full_report() {
  auto r = example_report();
  r.losses = {{"top1", {0.25, 0, 0.125, 0.125}}};
  r.near_duplicates = NearDuplicates{.limit = 0.98,
                                     .copies = 1,
                                     .near = 2,
                                     .others = 1,
                                     .without = {{"top1", {1, 0.5, 1}}},
                                     .pairs = {{"q", "i", 0.99, true}}};
  set_breakdown(r,
                {{{"7", 2, 3, {0.5, 0.1, 0.9}, 0.75, 0.625}},
                 {{"drinks", 2, 3, {0.5, 0.1, 0.9}, 0.75, 0.625}},
                 {{"7", "8", 1, 2}}},
                {{"7", "Tea"}});
  return r;
}

}  // namespace

TEST_CASE("a report in JSON starts with the model, the data and the metrics") {
  CHECK_THAT(to_json(example_report()), StartsWith(R"({
  "schema": "matcher.report/1",
  "model": {
    "name": "a",
    "dimension": 4,
    "fingerprint": "0123456789abcdef0123456789abcdef",
    "size_bytes": 2048,
    "precision": "fp32",
    "device": "cpu"
  },
  "dataset": {
    "name": "shelf",
    "queries_are": "image",
    "fingerprint": "d0",
    "gallery": 3,
    "queries": 2,
    "labels": 3,
    "protocol": "studio against phone",
    "gallery_failures": 0,
    "query_failures": 0,
    "unknown_queries": 0,
    "unknown_labels": [],
    "self_matches": 0
  },
  "index": "exact",
  "depth": 100,
  "resample": "query",
  "metrics": {
    "top1": {
      "value": 0.5,
      "low": 0.1,
      "high": 0.9
    },
    "mrr": {
      "value": 0.75,
      "low": 0.5,
      "high": 1.0
    }
  },
  "verdict": {
    "metric": "top1",
    "value": 0.5,
    "low": 0.1,
    "high": 0.9,
    "sentence": "a finds the correct product first for 1 of 2 photos"
  },
  "speed": {
    "images_per_second": 12.34,
    "search_ms_p50": 0.5,
    "search_ms_p95": 1.5
  },
  "labels": [],
)"));
}

TEST_CASE("losses, near-duplicates and the breakdown have their keys") {
  const auto j = nlohmann::ordered_json::parse(to_json(full_report()));
  CHECK(j["losses"].dump() == R"({"top1":{"model":0.25,"ties":0.0,"quantisation":0.125,"approximation":0.125}})");
  CHECK(j["near_duplicates"].dump() ==
        R"({"limit":0.98,"limit_separates":false,"copies":1,"near":2,)"
        R"("without":{"queries":1,"metrics":{"top1":{"value":1.0,"low":0.5,"high":1.0}}},)"
        R"("pairs":[{"query":"q","item":"i","cosine":0.99,"copy":true}],"pairs_left_out":2})");
  CHECK(j["labels"].dump() ==
        R"([{"label":"7","queries":2,"gallery":3,"name":"Tea","metrics":{"top1":{"value":0.5,"low":0.1,"high":0.9},)"
        R"("mrr":{"value":0.75},"map":{"value":0.625}}}])");
  CHECK(j["categories"][0]["category"] == "drinks");
  CHECK_FALSE(j["categories"][0].contains("name"));
  CHECK(j["confused"].dump() ==
        R"([{"label":"7","name":"Tea","answered":"8","answered_name":"8","count":1,"queries":2}])");
  CHECK(j["left_out"].dump() == R"({"labels":0,"categories":0,"confused":0})");
}

TEST_CASE("a report that is read again is written with the same bytes") {
  const auto text = to_json(full_report());
  CHECK(to_json(parse_report(text, "x")) == text);
  const auto read = parse_report(text, "x");
  CHECK(read.near_duplicates->pairs[0].item == "i");
  CHECK(read.label_names.at("7") == "Tea");
}

TEST_CASE("a report with an unknown unit of resampling is refused") {
  auto damaged = nlohmann::ordered_json::parse(to_json(full_report()));
  damaged["resample"] = "shelf";
  try {
    parse_report(damaged.dump(), "x");
    FAIL("no error was thrown");
  } catch (const matcher::Error& error) {
    CHECK(error.code() == matcher::ErrorCode::input);
    CHECK(std::string(error.what()) ==
          "\"x\" is damaged, or not a report of matcher: unknown unit of resampling \"shelf\"; use query or label. "
          "Evaluate the run "
          "again.");
  }
}

TEST_CASE("a report with an unknown metric, or with none, is damaged") {
  auto damaged = nlohmann::ordered_json::parse(to_json(full_report()));
  damaged["metrics"]["topp1"] = damaged["metrics"]["top1"];
  CHECK_THROWS_MATCHES(parse_report(damaged.dump(), "run/report.json"), Error,
                       MessageMatches(StartsWith(
                           "\"run/report.json\" is damaged, or not a report of matcher: unknown metric \"topp1\"")));
  damaged["metrics"] = nlohmann::json::object();
  CHECK_THROWS_MATCHES(parse_report(damaged.dump(), "x"), Error,
                       Message("\"x\" is damaged, or not a report of matcher: \"metrics\" is empty. Evaluate the run "
                               "again."));
}

TEST_CASE("a damaged report names the key, and no text of a library") {
  auto damaged = nlohmann::ordered_json::parse(to_json(full_report()));
  damaged["model"]["name"] = 1;
  CHECK_THROWS_MATCHES(parse_report(damaged.dump(), "x"), Error,
                       Message("\"x\" is damaged, or not a report of matcher: \"model.name\" must be string, but is "
                               "number. Evaluate the run again."));
}

TEST_CASE("a report of an earlier version is read without the keys that it lacks") {
  auto old = nlohmann::ordered_json::parse(to_json(full_report()));
  for (const char* key : {"labels", "categories", "confused", "left_out", "losses", "near_duplicates", "resample"})
    old.erase(key);
  old["dataset"].erase("queries_are");
  const auto r = parse_report(old.dump(), "x");
  CHECK(r.breakdown.labels.empty());
  CHECK(r.losses.empty());
  CHECK_FALSE(r.near_duplicates);
  CHECK(r.resample == matcher::eval::Resample::query);
  CHECK(r.dataset.queries == 2);
  CHECK(r.dataset.queries_are == QueryKind::image);
}

TEST_CASE("another schema is an input error that names the file and both schemas") {
  CHECK_THROWS_MATCHES(parse_report(R"({"schema": "matcher.views/1"})", "run/report.json"), Error,
                       Message("\"run/report.json\" has the schema \"matcher.views/1\", not \"matcher.report/1\""));
}

TEST_CASE("a damaged report is an input error with the next step") {
  const auto text = to_json(example_report());
  for (const auto& damaged : {text.substr(0, 40), std::string("{}"), std::string(R"({"schema":"matcher.report/1"})")}) {
    CHECK_THROWS_MATCHES(parse_report(damaged, "run/report.json"), Error,
                         MessageMatches(StartsWith("\"run/report.json\" is damaged, or not a report of matcher: ") &&
                                        Catch::Matchers::EndsWith(". Evaluate the run again.")));
  }
  try {
    parse_report("{}", "x");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::input);
  }
}

TEST_CASE("a speed trial is read as it was written") {
  auto r = example_report();
  r.speed.trial = example_trial();
  const auto text = to_json(r);
  CHECK(to_json(parse_report(text, "report.json")) == text);
}
