#include "matcher/report/fusion.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "matcher/report/tables.hpp"
#include "unit/report/example.hpp"

using namespace matcher::report;

namespace {

FusedMember member(const std::string& name, double weight) {
  return {example_report(name),
          weight,
          {{"top1", {0.25, 0.125, 0.5, 0.01, 0.02, 0.5, "mcnemar"}}, {"mrr", {0, -0.1, 0.1, 1, 1, 0.5, "bootstrap"}}}};
}

Fusion fusion() {
  Fusion f;
  f.method = matcher::eval::Fusion::score;
  f.exact = true;
  f.ensemble = example_report("a+b", 0.75);
  f.members = {member("a", 0.25), member("b", 0.75)};
  f.ceiling = {{"top1", {1, 0.5, 1}}, {"mrr", {1, 0.5, 1}}};
  f.overlaps = {{"a", "b", {1, 2, 3, 5}}};
  return f;
}

}  // namespace

TEST_CASE("a fusion as text has a line per member, the ensemble and the ceiling") {
  const auto text = print(fusion(), Format::table);
  CHECK(text.substr(0, text.find("\na and b at top-1")) ==
        "shelf: studio against phone\n"
        "gallery: 3 items of 3 labels; queries: 2; search: exact; answers kept: 100\n"
        "\n"
        "model    weight  top-1                  MRR    top-1 gain of the ensemble, points\n"
        "a          0.25    50.0 % [10.0, 90.0]  0.750         +25.0 [+12.5, +50.0] p=0.02\n"
        "b          0.75    50.0 % [10.0, 90.0]  0.750         +25.0 [+12.5, +50.0] p=0.02\n"
        "a+b                75.0 % [10.0, 90.0]  0.750\n"
        "ceiling          100.0 % [50.0, 100.0]  1.000\n");
}

TEST_CASE("a fusion as CSV has the gain of the ensemble beside each member") {
  const auto table = table_of(fusion(), Format::csv);
  CHECK(table.columns[2] == "top1");
  CHECK(table.columns[5] == "top1_ensemble_gain");
  CHECK(table.columns.size() == 2 + 2 * 8);
  CHECK(table.rows[0][5] == "0.25");
  CHECK(table.rows[0][9] == "0.02");
  CHECK(table.rows[2][0] == "a+b");
  CHECK(table.rows[2][5].empty());
}

TEST_CASE("the notes of a fusion explain weights, depth and errors") {
  auto f = fusion();
  f.exact = false;
  f.tuning = Tuning{"shelf", true, 10, 12, 1, 2, 0.5, 0.75};
  auto notes = table_of(f, Format::table).notes;
  REQUIRE(notes.size() == 5);
  CHECK(
      notes[0] ==
      "weights: chosen on 10 queries, half of them (top-1 50.0 %, MRR 0.750 there); this table has 12 other queries; 1 "
      "queries chose nothing, because this table has the same photos; 2 photos are unreadable now and were compared "
      "by id only");
  CHECK(notes[1] == "fused: only the first 100 answers of each model, not the whole gallery");
  CHECK(notes[2] ==
        "a and b at top-1: both correct 1, only the first 2, only the second 3, both wrong 5; both make 50.0 % of all "
        "errors");
  CHECK(notes[3].ends_with("p corrected for 2 models (Holm)"));
  f.tuning->half = false;
  f.tuning->dataset = "other";
  CHECK(table_of(f, Format::table).notes[0].starts_with("weights: chosen on 10 queries of other (top-1 50.0 %, MRR "));
}

TEST_CASE("a fusion ends with the ensemble and what it is better than") {
  auto f = fusion();
  CHECK(sentence(f) ==
        "ensemble: a+b (top-1 75.0 %); better than: a (+25.0 points [+12.5, +50.0], p=0.02), b (+25.0 points [+12.5, "
        "+50.0], p=0.02)");
  f.members[0].gains[0].second.p_corrected = 0.5;
  f.members[1].gains[0].second = {-0.25, -0.5, -0.125, 0.01, 0.02, 0.5, "mcnemar"};
  CHECK(sentence(f) ==
        "ensemble: a+b (top-1 75.0 %); not shown to differ from: a (50.0 %); worse than: b (-25.0 points [-50.0, "
        "-12.5], p=0.02)");
  CHECK(table_of(f, Format::table).notes.back() == sentence(f));
  CHECK(table_of(f, Format::markdown).caption[0] == sentence(f));
}

TEST_CASE("a fusion of models with speed trials has their columns, and none for the ceiling") {
  auto f = fusion();
  CHECK(std::ranges::count(table_of(f, Format::table).columns, "images/s") == 0);
  f.members[0].report.speed.trial = example_trial(60);
  f.ensemble.speed.trial = example_trial(20);
  const auto table = table_of(f, Format::table);
  REQUIRE(table.columns.size() == 9);
  CHECK(table.columns[5] == "images/s");
  CHECK(table.rows[0][5] == "60.0 [58.0, 62.0]");
  CHECK(table.rows[1][5] == "not measured");
  CHECK(table.rows[2][5] == "20.0 [18.0, 22.0]");
  CHECK(table.rows[3][5].empty());
  CHECK(std::ranges::count(table.notes, "fastest: a (60.0 images/s)") == 1);
  const auto csv = table_of(f, Format::csv);
  CHECK(csv.columns.back() == "trial_comparable");
  CHECK(csv.rows[0].back() == "true");
  CHECK(csv.rows[1].back().empty());
}
