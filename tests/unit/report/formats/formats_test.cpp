#include "matcher/report/formats/formats.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>

#include "matcher/core/error.hpp"
#include "matcher/files/csv.hpp"

using namespace matcher::report;

namespace {

const Table two{{"caption"}, {"name", "n"}, {{"tea", "9"}, {"café", "10"}}, {"note"}};
const Table hard{{"two\nlines"}, {"a|b"}, {{"x, \"y\"\nz"}}, {}};

}  // namespace

TEST_CASE("text aligns words left and numbers right, by characters and not by bytes") {
  CHECK(write_table(two) ==
        "caption\n"
        "\n"
        "name  n\n"
        "tea    9\n"
        "café  10\n"
        "\n"
        "note\n");
}

TEST_CASE("text has no trailing spaces, and no blank lines without caption and notes") {
  CHECK(write_table({{}, {"a", "long name"}, {{"a long cell", "x"}, {"b", ""}}, {}}) ==
        "a            long name\n"
        "a long cell  x\n"
        "b\n");
}

TEST_CASE("a table without rows has its column names") {
  CHECK(write_table({{}, {"a", "b"}, {}, {"nothing found"}}) == "a  b\n\nnothing found\n");
  CHECK(write_markdown({{}, {"a", "b"}, {}, {}}) == "| a | b |\n|---|---|\n");
  CHECK(write_csv({{}, {"a", "b"}, {}, {"nothing found"}}) == "a,b\n");
}

TEST_CASE("Markdown has aligned columns, and a paragraph per caption and note") {
  CHECK(write_markdown(two) ==
        "caption\n"
        "\n"
        "| name | n  |\n"
        "|------|---:|\n"
        "| tea  |  9 |\n"
        "| café | 10 |\n"
        "\n"
        "note\n");
}

TEST_CASE("CSV has no caption and no notes, and reads back as it was") {
  CHECK(write_csv(two) == "name,n\ntea,9\ncafé,10\n");
  const auto text = write_csv(hard);
  CHECK(text == "a|b\n\"x, \"\"y\"\"\nz\"\n");
  const auto rows = matcher::parse_csv(text, "x");
  REQUIRE(rows.size() == 2);
  CHECK(rows[1].fields == hard.rows[0]);
}

TEST_CASE("nothing in a cell, caption or note is a LaTeX command") {
  const Table table{{"50 %\nof all"}, {"a"}, {{"\\x{1}_#$~^&%"}}, {"so"}};
  CHECK(write_latex(table) ==
        "% 50 %\\nof all\n"
        "\\begin{tabular}{l}\n"
        "\\toprule\n"
        "a \\\\\n"
        "\\midrule\n"
        "\\textbackslash{}x\\{1\\}\\_\\#\\$\\textasciitilde{}\\textasciicircum{}\\&\\% \\\\\n"
        "\\bottomrule\n"
        "\\end{tabular}\n"
        "% so\n");
}

TEST_CASE("LaTeX aligns numbers right, and a line break in a cell becomes a space") {
  CHECK(write_latex({{}, {"name", "n"}, {{"a\nb", "+1"}}, {}}) ==
        "\\begin{tabular}{lr}\n\\toprule\nname & n \\\\\n\\midrule\na b & +1 \\\\\n\\bottomrule\n\\end{tabular}\n");
}

TEST_CASE("every format has a name, and render() writes it") {
  CHECK(render(two, parse_format("table")) == write_table(two));
  CHECK(render(two, parse_format("markdown")) == write_markdown(two));
  CHECK(render(two, parse_format("csv")) == write_csv(two));
  CHECK(render(two, parse_format("latex")) == write_latex(two));
  CHECK(parse_format("json") == Format::json);
  CHECK(parse_format_or_page("csv") == Format::csv);
  CHECK(parse_format_or_page("html") == Format::html);
}

TEST_CASE("an unknown format is a usage error that lists the formats") {
  CHECK_THROWS_MATCHES(parse_format("xml"), matcher::Error,
                       Catch::Matchers::Message("unknown format \"xml\"; use table, markdown, csv, latex or json"));
  CHECK_THROWS_AS(parse_format(""), matcher::Error);
  CHECK_THROWS_AS(parse_format("CSV"), matcher::Error);
  CHECK_THROWS_MATCHES(render(two, Format::json), matcher::Error,
                       Catch::Matchers::Message("a table has no form in JSON or HTML"));
  CHECK_THROWS_MATCHES(
      parse_format_or_page("xml"), matcher::Error,
      Catch::Matchers::Message("unknown format \"xml\"; use table, markdown, csv, latex, json or html"));
  CHECK_THROWS_MATCHES(parse_format("html"), matcher::Error,
                       Catch::Matchers::Message("unknown format \"html\"; use table, markdown, csv, latex or json"));
}
