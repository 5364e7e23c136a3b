#include "matcher/report/report.hpp"

#include <catch2/catch_test_macros.hpp>

#include "matcher/report/tables.hpp"
#include "unit/report/example.hpp"

using namespace matcher::report;

TEST_CASE("a report as text has the model, the protocol, each metric and the speed") {
  CHECK(print(example_report(), Format::table) ==
        "a (4-d, fp32, cpu, 01234567)\n"
        "shelf: studio against phone\n"
        "gallery: 3 items of 3 labels; queries: 2; search: exact; answers kept: 100\n"
        "\n"
        "metric  value   95 % interval\n"
        "top-1   50.0 %  10.0 % to 90.0 %\n"
        "MRR      0.750    0.500 to 1.000\n"
        "\n"
        "while running: 12.3 images/s embedded; 0.50 ms a search (median), 1.50 ms (95th percentile); measure it with "
        "--speed\n"
        "a finds the correct product first for 1 of 2 photos\n");
}

TEST_CASE("a measured speed is shown with its spread and its conditions") {
  auto r = example_report();
  r.speed.trial = example_trial();
  const auto notes = table_of(r, Format::table).notes;
  REQUIRE(notes.size() == 3);
  CHECK(
      notes[0] ==
      "60.0 images/s [58.0, 62.0] in batches; one image 16.2 ms (median), 18.5 ms (95th percentile); a search 0.25 ms, "
      "0.75 ms; peak memory 300.0 MiB");
  CHECK(notes[1] ==
        "speed: 16 photos, 3 repeats [slowest, fastest], batches of 16; 2 threads of 2 cores, Example 1000, cpu; other "
        "programs used 3 % of the processor");
}

TEST_CASE("a report as Markdown starts with its sentence") {
  CHECK(
      print(example_report(), Format::markdown).starts_with("a finds the correct product first for 1 of 2 photos\n\n"));
}

TEST_CASE("a report as CSV has keys and fractions with every digit") {
  auto r = example_report();
  r.metrics[0].second.value = 1.0 / 3;
  CHECK(print(r, Format::csv) == "metric,value,low,high\ntop1,0.3333333333333333,0.1,0.9\nmrr,0.75,0.5,1\n");
}

TEST_CASE("a run of another system has a name, no speed and no protocol") {
  Report r;
  r.model.name = "system";
  r.dataset.name = "shelf";
  r.index = "";
  r.metrics = {{"map", {0.5, 0.25, 0.75}}};
  CHECK(print(r, Format::table) ==
        "system\n"
        "shelf\n"
        "gallery: 0 items; queries: 0; answers kept: 0\n"
        "\n"
        "metric  value  95 % interval\n"
        "mAP     0.500  0.250 to 0.750\n"
        "\n"
        "system: mAP 0.500\n");
}

TEST_CASE("a loss is split below the table only if not all of it is the model's") {
  auto r = example_report();
  r.losses = {{"top1", {0.5, 0, 0, 0}}};
  CHECK(table_of(r, Format::table).notes.size() == 2);
  r.losses = {{"top1", {0.4, -0.00001, 0.05, 0.05}}, {"mrr", {0.2, 0.05, 0, 0}}};
  const auto notes = table_of(r, Format::table).notes;
  REQUIRE(notes.size() == 4);
  CHECK(notes[0] == "top-1 loses 50.0 points: the model 40.0, equal scores 0.0, quantisation 5.0, approximation 5.0");
  CHECK(notes[1] ==
        "MRR loses 0.2500: the model 0.2000, equal scores 0.0500, quantisation 0.0000, approximation 0.0000");
  CHECK(table_of(r, Format::csv).notes.size() == 1);
}

TEST_CASE("near-duplicates are counted below the table, with the metrics without them") {
  auto r = example_report();
  r.near_duplicates = NearDuplicates{.limit = 0.98, .copies = 0, .near = 0, .others = 2, .without = {}, .pairs = {}};
  CHECK(table_of(r, Format::table).notes.size() == 2);
  r.near_duplicates->copies = 1;
  r.near_duplicates->others = 1;
  r.near_duplicates->without = {{"top1", {1, 0.2, 1}}};
  CHECK(table_of(r, Format::table).notes[0] ==
        "near-duplicates in the gallery: 1 queries with the same bytes, 0 with a cosine of 0.98 or more; "
        "the 1 without: top-1 100.0 %");
  r.near_duplicates->others = 0;
  CHECK(table_of(r, Format::table).notes[0].ends_with("; no query is without"));
  r.near_duplicates->near = 1;
  CHECK(table_of(r, Format::table).notes[0].ends_with("; too many for the limit to mean near-duplicates"));
}
