#include "matcher/files/csv.hpp"

#include "unit/core/scratch.hpp"

namespace matcher {
namespace {

using Fields = std::vector<std::string>;

Fields only_row(std::string_view text, bool trim = false) {
  const auto rows = parse_csv(text, "items.csv", {trim, ','});
  REQUIRE(rows.size() == 1);
  return rows[0].fields;
}

TEST_CASE("fields are split at commas") {
  CHECK(only_row("a,b,c\n") == Fields{"a", "b", "c"});
  CHECK(only_row("a,,\n") == Fields{"a", "", ""});
  CHECK(only_row("a,b") == Fields{"a", "b"});
}

TEST_CASE("quoted fields hold commas, quotes and line breaks") {
  CHECK(only_row("\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\"\n") == Fields{"a,b", "say \"hi\"", "two\nlines"});
  CHECK(only_row("\"\",b\n") == Fields{"", "b"});
}

TEST_CASE("a byte order mark and CRLF are no part of a field") {
  const auto rows = parse_csv("\xEF\xBB\xBFpath,label\r\na.jpg,1\r\n", "items.csv");
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].fields == Fields{"path", "label"});
  CHECK(rows[1].fields == Fields{"a.jpg", "1"});
}

TEST_CASE("spaces are dropped on request only, and never inside quotes") {
  CHECK(only_row("a, b ,c\n") == Fields{"a", " b ", "c"});
  CHECK(only_row("a, b ,\t c\n", true) == Fields{"a", "b", "c"});
  CHECK(only_row("a, \" b \"\n", true) == Fields{"a", " b "});
}

TEST_CASE("rows know their line, also after empty lines and line breaks in quotes") {
  const auto rows = parse_csv("a,1\n\n\"two\nlines\",2\nc,3\n", "items.csv");
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].line == 1);
  CHECK(rows[1].line == 3);
  CHECK(rows[2].line == 5);
}

TEST_CASE("no text has no rows") { CHECK(parse_csv("", "items.csv").empty()); }

TEST_CASE("an unclosed quote is an error with its line") {
  CHECK(test::error_of(ErrorCode::input, [] { parse_csv("a,b\nc,\"d\n", "items.csv"); }) ==
        "items.csv:2: a quote opens here and never closes");
}

TEST_CASE("a written row reads back") {
  const Fields fields{"plain", "a,b", "say \"hi\"", "two\nlines", " spaced ", ""};
  CHECK(only_row(csv_line(fields)) == fields);
  CHECK(csv_line({"a", "b"}) == "a,b\n");
}

TEST_CASE("the separator is the comma, unless another comes before it and more often") {
  CHECK(find_separator("path,label\n") == ',');
  CHECK(find_separator("path\na.jpg\n") == ',');
  CHECK(find_separator("path;label\na,b;c,d;e,f\n") == ';');
  CHECK(find_separator("path\tlabel\n") == '\t');
  CHECK(find_separator("path|label\n") == '|');
  CHECK(find_separator("1.png;tea;3,50\n") == ';');
  CHECK(find_separator("1.png,red;green;blue\n") == ',');
  CHECK(find_separator("\"a;b;c\",tea\n") == ',');
  CHECK(find_separator("sep=;\r\npath;label\r\n") == ';');
  CHECK(find_separator("sep=x\n") == ',');
}

TEST_CASE("a CSV that a person made is read with its separator and its encoding") {
  const test::Scratch scratch;
  const std::vector<Fields> expected{{"path", "label"}, {"1.png", "gr\xC3\xBCn"}};
  const auto fields_of = [&](std::string_view text) {
    std::vector<Fields> all;
    for (const auto& row : read_foreign_csv(scratch.write("a.csv", text), true)) all.push_back(row.fields);
    return all;
  };
  CHECK(fields_of("path;label\r\n1.png;gr\xC3\xBCn\r\n") == expected);
  CHECK(fields_of("sep=;\npath;label\n1.png;gr\xC3\xBCn\n") == expected);
  CHECK(fields_of("path\t label \n1.png\tgr\xC3\xBCn\n") == expected);
  CHECK(fields_of("\xEF\xBB\xBFpath,label\n1.png,gr\xC3\xBCn\n") == expected);
  std::string wide("\xFF\xFE");
  for (const char c : std::string_view("path\tlabel\n1.png\tgr")) wide += {c, '\0'};
  wide += {'\xFC', '\0', 'n', '\0'};
  CHECK(fields_of(wide) == expected);
}

TEST_CASE("blanks separate fields, any number of them") {
  const auto rows = parse_csv("  a  b\tc  \n\nd e\n", "items.txt", {.trim = true, .separator = ' '});
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].fields == Fields{"a", "b", "c"});
  CHECK(rows[1].fields == Fields{"d", "e"});
  CHECK(rows[1].line == 3);
}

TEST_CASE("comments and first lines are skipped, and lines still counted") {
  const auto rows = parse_csv("52712\n# one\na;'b;c'\n# two\nd;e#f\n", "items.txt",
                              {.separator = '\0', .quote = '\'', .comment = '#', .skip = 1});
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].fields == Fields{"a", "b;c"});
  CHECK(rows[0].line == 3);
  CHECK(rows[1].fields == Fields{"d", "e#f"});
  CHECK(rows[1].line == 5);
}

TEST_CASE("without quotes a quote is part of its field") {
  const auto rows = parse_csv("3\" pan,1\n\"a,b\n", "items.csv", {.quote = '\0'});
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].fields == Fields{"3\" pan", "1"});
  CHECK(rows[1].fields == Fields{"\"a", "b"});
}

}  // namespace
}  // namespace matcher
