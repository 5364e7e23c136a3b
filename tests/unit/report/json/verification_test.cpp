#include "matcher/report/verification.hpp"

#include <catch2/catch_test_macros.hpp>

#include "matcher/report/json.hpp"
#include "unit/report/example.hpp"

using namespace matcher::report;

namespace {

Verification verification() {
  Verification v;
  v.model = example_model();
  v.compared_with = "golden sample";
  v.samples = 2;
  v.cosine = 0.9375;
  v.smallest_cosine = 0.875;
  v.largest_difference = 0.25;
  v.allowed_difference = 0.5;
  v.worst = "the text";
  v.milliseconds_per_image = 12.5;
  return v;
}

}  // namespace

TEST_CASE("a verification in JSON has each value beside its limit") {
  CHECK(to_json(verification()) == R"({
  "schema": "matcher.verification/1",
  "model": "a",
  "compared_with": "golden sample",
  "passed": true,
  "samples": 2,
  "dimension": 4,
  "cosine": 0.9375,
  "cosine_at_least": 0.875,
  "largest_difference": 0.25,
  "difference_at_most": 0.5,
  "worst": "the text",
  "precision": "fp32",
  "device": "cpu",
  "milliseconds_per_image": 12.5
}
)");
}

TEST_CASE("a verification passes within both limits; a limit of 0 on the difference is none") {
  auto v = verification();
  CHECK(v.passed());
  v.largest_difference = 0.75;
  CHECK_FALSE(v.passed());
  CHECK(to_json(v).find("\"passed\": false") != std::string::npos);
  v.allowed_difference = 0;
  CHECK(v.passed());
  v.cosine = 0.75;
  CHECK_FALSE(v.passed());
}
