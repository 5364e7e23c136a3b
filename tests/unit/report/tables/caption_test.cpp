#include "matcher/report/tables/caption.hpp"

#include <catch2/catch_test_macros.hpp>

#include "unit/report/example.hpp"

using namespace matcher::report;

TEST_CASE("the caption counts what was left out, and says nothing of zeros") {
  auto r = example_report();
  CHECK(describe(r).size() == 2);
  r.dataset.unknown_queries = 4;
  r.dataset.unknown_labels = {"u1", "u2"};
  r.dataset.gallery_failures = 1;
  r.dataset.self_matches = 3;
  const auto lines = describe(r);
  REQUIRE(lines.size() == 5);
  CHECK(lines[2] ==
        "left out of every metric: 4 queries of 2 labels that no gallery item has, but for the query itself");
  CHECK(lines[3] == "images that could not be read: 1 of the gallery, 0 of the queries");
  CHECK(lines[4] == "left out of the answers as the query itself: 3");
  r.dataset.self_matches = 0;
  CHECK(describe(r)[2] == "left out of every metric: 4 queries of 2 labels that no gallery item has");
}

TEST_CASE("unknown queries without labels are those without a correct answer") {
  auto r = example_report();
  r.dataset.unknown_queries = 4;
  CHECK(describe(r)[2] == "left out of every metric: 4 queries without a correct answer in the gallery");
}

TEST_CASE("a model is described by its name alone if nothing else is known") {
  CHECK(describe_with_device(example_model("x")) == "x (4-d, fp32, cpu, 01234567)");
  CHECK(describe_with_device({.name = "x", .fingerprint = "", .precision = "", .device = ""}) == "x");
}
