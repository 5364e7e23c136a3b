#include "matcher/report/detection.hpp"

#include <catch2/catch_test_macros.hpp>
#include <limits>

#include "matcher/report/tables.hpp"
#include "unit/report/example.hpp"

using namespace matcher::report;

namespace {

constexpr auto infinity = std::numeric_limits<double>::infinity();

}  // namespace

TEST_CASE("a detection is one row with its queries above") {
  CHECK(table_of(example_detection(), Format::table).rows ==
        std::vector<std::vector<std::string>>{{"a", "0.5000", "[0.2500, 0.7500]", "10.0 % [5.0, 20.0]",
                                               "75.0 % [50.0, 100.0]", "62.5 % [50.0, 75.0]", "87.5 % [75.0, 100.0]",
                                               "0.9688"}});
  CHECK(
      table_of(example_detection(), Format::table).caption ==
      std::vector<std::string>{sentence(example_detection()),
                               "8 queries of catalogue products (known) and 40 of other products (unknown), of shelf"});
  CHECK(table_of(example_detection(), Format::table).notes.empty());
}

TEST_CASE("a detection in CSV has a number per cell, with every digit") {
  auto d = example_detection();
  d.threshold.high = infinity;
  CHECK(print(d, Format::csv) ==
        "model,threshold,threshold_low,threshold_high,false_alarms,false_alarms_low,false_alarms_high,accepted,"
        "accepted_low,accepted_high,detected,detected_low,detected_high,top1,top1_low,top1_high,area_under_curve\n"
        "a,0.5,0.25,,0.1,0.05,0.2,0.75,0.5,1,0.625,0.5,0.75,0.875,0.75,1,0.96875\n");
}

TEST_CASE("an unbounded threshold says how many unknown queries would bound it") {
  auto d = example_detection();
  d.unknown = 4;
  d.unknown_products = 2;
  d.threshold = {0.5, -infinity, infinity};
  const auto table = table_of(d, Format::table);
  CHECK(table.rows[0][2] == "[unbounded, unbounded]");
  REQUIRE(table.notes.size() == 1);
  CHECK(table.notes[0] ==
        "need 36 photos of unknown products, each of another one, for 10 % false alarms; have 4 of 2");
}

TEST_CASE("left-out queries are explained above the table") {
  auto d = example_detection();
  d.left_out = true;
  CHECK(
      table_of(d, Format::table).caption[1] ==
      "8 queries of catalogue products (known) and 40 of other products (unknown), of shelf; unknown: each query with "
      "its own product left out");
}

TEST_CASE("the line of false alarms and the score are named") {
  auto d = example_detection();
  d.score = matcher::ScoreKind::margin;
  d.choices = {{0.01, {0.5, 0.01, 0.029, 0.021}}, {0.2, {0.25, 0.2, 0.5, 0.25}}};
  const auto table = table_of(d, Format::table);
  CHECK(table.caption[1].ends_with(", of shelf; score: margin over the second product"));
  CHECK(table.notes == std::vector<std::string>{"answers to queries of catalogue products at 1 % false alarms: 2.9 % "
                                                "(2.1 % correct); at 20 %: 50.0 % (25.0 % correct)"});
}
