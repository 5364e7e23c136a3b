#include "matcher/report/formats/fit.hpp"

#include <catch2/catch_test_macros.hpp>

#include "matcher/core/text.hpp"
#include "matcher/report/formats/formats.hpp"
#include "matcher/report/formats/layout.hpp"

using namespace matcher::report;
using Lines = std::vector<std::string>;

TEST_CASE("a text is broken between words, and inside a word that is longer than a line") {
  CHECK(wrap("one two three", 20) == Lines{"one two three"});
  CHECK(wrap("one two three", 8) == Lines{"one two", "three"});
  CHECK(wrap("one two three", 8, 2) == Lines{"one two", "  three"});
  CHECK(wrap("abcdefghij", 4) == Lines{"abcd", "efgh", "ij"});
  CHECK(wrap("see abcdefghij", 8, 2) == Lines{"see", "  abcdef", "  ghij"});
}

TEST_CASE("a percent sign stays with its number, and blanks at the start stay") {
  CHECK(wrap("is 12.5 % of all", 9) == Lines{"is 12.5 %", "of all"});
  CHECK(wrap("is 12.5 % of all", 8) == Lines{"is", "12.5 %", "of all"});
  CHECK(wrap("  q1: now says tea", 12, 4) == Lines{"  q1: now", "    says tea"});
}

TEST_CASE("lines are measured as a terminal shows them") {
  CHECK(wrap("緑茶緑茶", 5) == Lines{"緑茶", "緑茶"});
  CHECK(widths_of({{}, {"n"}, {{"緑茶"}, {"cafe\xCC\x81"}}, {}}) == std::vector<std::size_t>{4});
}

namespace {

const Table wide{{}, {"name", "top-1", "size"}, {{"a-long-name-of-a-model", "64.4 %", "8.6 MiB"}}, {}, {"size"}};

}  // namespace

TEST_CASE("a table that fits stays as it is") {
  const auto table = fit(wide, 39);
  CHECK(table.columns.size() == 3);
  CHECK(table.notes.empty());
}

TEST_CASE("minor columns are left out before a cell is broken, and a note names them") {
  const auto table = fit(wide, 38);
  CHECK(table.columns == Lines{"name", "top-1"});
  CHECK(table.rows == std::vector<Lines>{{"a-long-name-of-a-model", "64.4 %"}});
  CHECK(table.notes == Lines{"left out: size (--format csv has every", "  column)"});
}

TEST_CASE("a cell that does not fit continues in the next row, with its colour") {
  auto marked = wide;
  marked.marks = {{0, 0, Tone::better}};
  const auto table = fit(marked, 20);
  CHECK(table.rows == std::vector<Lines>{{"a-long-name-", "64.4 %"}, {"of-a-model", ""}});
  REQUIRE(table.marks.size() == 2);
  CHECK((table.marks[1].row == 1 && table.marks[1].column == 0));
}

TEST_CASE("colours surround the text and not the blanks, and only where the screen has them") {
  const Table table{
      {}, {"gain", "n"}, {{"+1", "2"}, {"+10", "3"}}, {}, {}, {{0, 0, Tone::better}, {1, 0, Tone::worse}}};
  CHECK(write_table(table, {.colour = true}) == "gain  n\n  \033[32m+1\033[0m  2\n \033[31m+10\033[0m  3\n");
  CHECK(write_table(table) == "gain  n\n  +1  2\n +10  3\n");
}
