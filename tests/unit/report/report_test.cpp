#include "matcher/report/report.hpp"

#include <fmt/format.h>

#include <catch2/catch_test_macros.hpp>

#include "unit/report/example.hpp"

using namespace matcher::report;

TEST_CASE("a report keeps 1000 labels, 1000 categories and 100 confusions, and counts the rest") {
  matcher::eval::Breakdown large;
  for (int i = 0; i < 1002; ++i) {
    large.labels.push_back({fmt::format("{:04}", i), 1, 1, {}, 0, 0});
    large.confused.push_back({"a", fmt::format("{}", i), 1, 2000});
  }
  Report r;
  set_breakdown(r, large, {});
  CHECK(r.breakdown.labels.size() == 1000);
  CHECK(r.breakdown.labels.back().key == "0999");
  CHECK(r.breakdown.confused.size() == 100);
  CHECK(r.left_out.labels == 2);
  CHECK(r.left_out.categories == 0);
  CHECK(r.left_out.confused == 902);
}

TEST_CASE("a report keeps only the names of the labels that it shows") {
  Report r;
  set_breakdown(r, {{{"7", 1, 1, {}, 0, 0}}, {}, {{"7", "8", 1, 1}}}, {{"7", "Tea"}, {"8", "Soap"}, {"9", "Oil"}});
  CHECK(r.label_names.size() == 2);
  CHECK(name_of(r, "8") == "Soap");
  CHECK(name_of(r, "9") == "9");
}

TEST_CASE("a metric is found by its name") {
  const auto r = example_report();
  REQUIRE(find_metric(r.metrics, "mrr") != nullptr);
  CHECK(find_metric(r.metrics, "mrr")->value == 0.75);
  CHECK(find_metric(r.metrics, "map") == nullptr);
}
