#include "matcher/report/formats/layout.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace matcher::report;

TEST_CASE("a column of numbers has a number, and each cell is empty or starts like one") {
  const Table table{{},
                    {"count", "percent", "gain", "word", "empty", "mixed"},
                    {{"1", "50 %", "-2 [-3, -1]", "x", "", "1"}, {"20", "5 %", "+1", "2", "", "baseline"}},
                    {}};
  CHECK(is_number_column(table, 0));
  CHECK(is_number_column(table, 1));
  CHECK(is_number_column(table, 2));
  CHECK_FALSE(is_number_column(table, 3));
  CHECK_FALSE(is_number_column(table, 4));
  CHECK_FALSE(is_number_column(table, 5));
  CHECK_FALSE(is_number_column({{}, {"a"}, {}, {}}, 0));
}

TEST_CASE("a column is as wide as its widest cell or its name") {
  const Layout layout({{}, {"long name", "n"}, {{"x", "éé€"}}, {}});
  CHECK(layout.width(0) == 9);
  CHECK(layout.width(1) == 3);
  CHECK(layout.line({"x", "éé€"}, "|") == "x        |éé€");
  CHECK(layout.header({"long name", "n"}, "|") == "long name|n  ");
}
