#include "matcher/report/tuning.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "matcher/report/html.hpp"
#include "matcher/report/tables.hpp"

using Catch::Matchers::ContainsSubstring;
using namespace matcher::report;

namespace {

TunedRow row(const std::string& model, double top1, bool is_baseline) {
  TunedRow made{{.models = model, .dimension = 8, .images_per_second = 20}, true, is_baseline};
  made.reported = {{"top1", {top1, top1 - 0.125, top1 + 0.125}}};
  made.searched = made.reported;
  made.gains = {{"top1", {0, -0.125, 0.125, 1, 1, 0.25, "bootstrap"}}};
  return made;
}

TunedRecipes tuning(std::vector<TunedRow> rows) {
  TunedRecipes made;
  made.dataset = "shelf";
  made.data = "d0";
  made.metric = "top1";
  made.trials = {{rows[0].recipe, 0.5}};
  made.rows = std::move(rows);
  return made;
}

}  // namespace

TEST_CASE("the notes of tune name the rows of the winner and of the baseline") {
  const auto won = print(tuning({row("a", 0.75, false), row("b", 0.5, true)}), Format::table);
  CHECK_THAT(won, ContainsSubstring("first row: the best by top-1 on the half that decided; then recipes to which no "
                                    "other is preferable in accuracy, dimension and speed together; last: the best "
                                    "single model as it is\n"));
  CHECK_THAT(won, ContainsSubstring("gain: over the last row on the same queries, "));

  const auto kept = print(tuning({row("b", 0.75, true), row("a", 0.5, false)}), Format::table);
  CHECK_THAT(kept, ContainsSubstring("first row: the best by top-1 on the half that decided, which is the best single "
                                     "model as it is; then recipes to which no other is preferable in accuracy, "
                                     "dimension and speed together\n"));
  CHECK_THAT(kept, ContainsSubstring("gain: over the first row on the same queries, "));
  CHECK_THAT(kept, ContainsSubstring("no recipe is better than b as it is: keep it"));
}

TEST_CASE("the page draws the winner in the accent colour, also if it is not on the front") {
  auto rows = std::vector{row("a", 0.75, false), row("b", 0.5, true)};
  for (auto& one : rows) one.on_front = false;
  const auto page = to_html(tuning(rows));
  std::size_t grey = 0;
  for (auto at = page.find("class=\"dot soft\""); at != std::string::npos; at = page.find("class=\"dot soft\"", at + 1))
    ++grey;
  CHECK(grey == 2);  // the baseline, in both charts
}
