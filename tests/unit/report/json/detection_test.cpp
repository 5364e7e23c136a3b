#include "matcher/report/detection.hpp"

#include <catch2/catch_test_macros.hpp>
#include <limits>

#include "matcher/report/json.hpp"
#include "unit/report/example.hpp"

using namespace matcher::report;

namespace {

/// Every key has a value of its own.
Detection detection() {
  auto d = example_detection();
  d.wanted_false_alarms = 0.125;
  d.threshold.high = std::numeric_limits<double>::infinity();
  d.score = matcher::ScoreKind::margin;
  d.choices = {{0.25, {0.5, 0.25, 0.75, 0.625}}};
  d.curve = {{0.5, 0.25, 0.75, 0.625}};
  return d;
}

}  // namespace

TEST_CASE("a detection in JSON has null for an infinite bound") {
  CHECK(to_json(detection()) == R"({
  "schema": "matcher.detection/1",
  "model": {
    "name": "a",
    "fingerprint": "0123456789abcdef0123456789abcdef"
  },
  "dataset": "shelf",
  "score": "margin",
  "queries": {
    "known": 8,
    "unknown": 40,
    "unknown_are": "real",
    "unknown_needed": 36,
    "known_products": 2,
    "unknown_products": 3
  },
  "wanted_false_alarms": 0.125,
  "threshold": {
    "value": 0.5,
    "low": 0.25,
    "high": null
  },
  "false_alarms": {
    "value": 0.1,
    "low": 0.05,
    "high": 0.2
  },
  "accepted": {
    "value": 0.75,
    "low": 0.5,
    "high": 1.0
  },
  "detected": {
    "value": 0.625,
    "low": 0.5,
    "high": 0.75
  },
  "top1": {
    "value": 0.875,
    "low": 0.75,
    "high": 1.0
  },
  "area_under_curve": 0.96875,
  "choices": [
    {
      "wanted_false_alarms": 0.25,
      "threshold": 0.5,
      "false_alarms": 0.25,
      "accepted": 0.75,
      "detected": 0.625
    }
  ],
  "curve": [
    {
      "threshold": 0.5,
      "false_alarms": 0.25,
      "accepted": 0.75,
      "detected": 0.625
    }
  ]
}
)");
}

TEST_CASE("left-out queries are named as such") {
  auto d = detection();
  d.left_out = true;
  CHECK(to_json(d).find("\"unknown_are\": \"left-out\"") != std::string::npos);
}
