#include "matcher/report/views.hpp"

#include <catch2/catch_test_macros.hpp>

#include "matcher/report/tables.hpp"
#include "unit/report/example.hpp"

using namespace matcher::report;

namespace {

Views views(matcher::Role side) {
  return {example_model(),
          example_report().dataset,
          side,
          {},
          20,
          7,
          {{1, 3, 4, {{"top1", {0.5, 0.25, 0.75}}}}, {2, 2, 4, {{"top1", {0.75, 0.5, 1}}}}}};
}

}  // namespace

TEST_CASE("views have a row per number of photos") {
  CHECK(print(views(matcher::Role::gallery), Format::csv) ==
        "views,products,asked,top1,top1_low,top1_high\n"
        "1,3,4,0.5,0.25,0.75\n"
        "2,2,4,0.75,0.5,1\n");
  const auto table = table_of(views(matcher::Role::gallery), Format::table);
  CHECK(table.columns == std::vector<std::string>{"views", "products", "queries", "top-1"});
  CHECK(table.rows[0] == std::vector<std::string>{"1", "3", "4", "50.0 % [25.0, 75.0]"});
  CHECK(table.caption[0] == "a (4-d, fp32, cpu, 01234567)");
  const auto* answer =
      "With 2 photos of each product, a finds the correct product first for 75 of 100 photos; with 1: 50.0 %";
  CHECK(table.notes.back() == answer);
  CHECK(table_of(views(matcher::Role::gallery), Format::markdown).caption[0] == answer);
}

TEST_CASE("the side of the queries counts sets of photos") {
  CHECK(table_of(views(matcher::Role::queries), Format::table).columns[2] == "sets");
  CHECK(table_of(views(matcher::Role::queries), Format::csv).columns[2] == "asked");
}
