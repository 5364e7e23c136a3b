#include "matcher/report/escape.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace matcher::report;

TEST_CASE("a terminal gets one line of visible text") {
  CHECK(escape_terminal("tea, café, 茶, 🍵, \\n") == "tea, café, 茶, 🍵, \\n");
  CHECK(escape_terminal("tea\x1b[31m\x1b]0;mine\x07") == "tea\\x1b[31m\\x1b]0;mine\\x07");
  CHECK(escape_terminal("a\rmatcher: ok\nb\tc\x7f") == "a\\rmatcher: ok\\nb\\tc\\x7f");
  CHECK(escape_terminal(std::string_view("a\0b", 3)) == "a\\x00b");
  CHECK(escape_terminal("\xc2\x9b"
                        "31m") == "\\u009b31m");               // C1, the one character for ESC [
  CHECK(escape_terminal("caf\xe9 \xff") == "caf\\xe9 \\xff");  // not UTF-8
  CHECK(escape_terminal("\xed\xa0\x80") == "\\xed\\xa0\\x80");
}

TEST_CASE("a terminal gets no character that turns the direction of text or hides") {
  CHECK(escape_terminal("\u202egpj.tac") == "\\u202egpj.tac");
  CHECK(escape_terminal("\u2066\u2069\u200e\u200f\u061c") == "\\u2066\\u2069\\u200e\\u200f\\u061c");
  CHECK(escape_terminal("\u2028\u2029\ufeff\u200b\u2060") == "\\u2028\\u2029\\ufeff\\u200b\\u2060");
  CHECK(escape_terminal("\xef\xbf\xbe") == "\\ufffe");
  CHECK(escape_terminal("\u200d") == "\u200d");  // joins emoji, and letters of Persian
}

TEST_CASE("nothing in a cell of Markdown is markup") {
  CHECK(escape_markdown("tea | green") == "tea \\| green");
  CHECK(escape_markdown("<script>&lt; M&M &amp &x") == "&lt;script>&amp;lt; M&M &amp &x");
  CHECK(escape_markdown("a `b` *c* ~d~ $e$ \\") == "a \\`b\\` \\*c\\* \\~d\\~ \\$e\\$ \\\\");
  CHECK(escape_markdown("IMG_0001.jpg _x_ __y__") == "IMG_0001.jpg \\_x\\_ \\_\\_y\\_\\_");
  CHECK(escape_markdown("[a](http://b) [c][d] ![e](f)") == "[a\\](http://b) [c\\][d] ![e\\](f)");
  CHECK(escape_markdown("64 % [63, 66]") == "64 % [63, 66]");
  CHECK(escape_markdown("two\r\nlines\ttab\x1b") == "two  lines tab\\\\x1b");
}

TEST_CASE("nothing at the start of a paragraph of Markdown begins a block") {
  CHECK(escape_markdown_line("# x") == "\\# x");
  CHECK(escape_markdown_line("    > x") == "\\> x");
  CHECK(escape_markdown_line("- x") == "\\- x");
  CHECK(escape_markdown_line("12. x") == "12\\. x");
  CHECK(escape_markdown_line("1) x") == "1\\) x");
  CHECK(escape_markdown_line("===") == "\\===");
  CHECK(escape_markdown_line("[a]: http://b") == "[a\\]: http://b");
  CHECK(escape_markdown_line("12 queries. x") == "12 queries. x");
  CHECK(escape_markdown_line("") == "");
}

TEST_CASE("a document on a terminal keeps its lines and no other control characters") {
  CHECK(escape_terminal_lines("a,b\nx\x1b[31m,\xc2\x9by\r\n\nz") == "a,b\nx\\x1b[31m,\\u009by\\r\n\nz");
  CHECK(escape_terminal_lines("\n") == "\n");
  CHECK(escape_terminal_lines("") == "");
}

TEST_CASE("a spreadsheet gets no formula, and numbers as they are") {
  for (const char* formula : {"=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "-", "+tea", "-1 %",
                              "＝1+1", "＋1", "－1", "＠SUM(A1)"})
    CHECK(escape_csv(formula) == "'" + std::string(formula));
  for (const char* same : {"", "tea", "-1", "+1", "-1.5e-05", "-0.25", "a=b", "'", " =1", "-inf", "1e-400"})
    CHECK(escape_csv(same) == same);
  CHECK(escape_csv("-1e-400") == "-1e-400");
}

TEST_CASE("nothing in a cell of LaTeX is a command") {
  CHECK(escape_latex("\\x{1}_#$~^&%") ==
        "\\textbackslash{}x\\{1\\}\\_\\#\\$\\textasciitilde{}\\textasciicircum{}\\&\\%");
  CHECK(escape_latex("a < b > c | d") == "a \\textless{} b \\textgreater{} c \\textbar{} d");
  CHECK(escape_latex("[1] x [2]") == "{[}1] x [2]");  // \\[1] is a distance
  CHECK(escape_latex("*x") == "{*}x");
  CHECK(escape_latex("a\nb\x1b") == "a b\\textbackslash{}x1b");
}

TEST_CASE("XML gets no character that it cannot contain") {
  CHECK(escape_xml("a & \"b\" <c>\n\x01") == "a &amp; &quot;b&quot; &lt;c&gt;&#10;\\x01");
  CHECK(escape_xml("caf\xe9\xef\xbf\xbf\x1b") == "caf\\xe9\\uffff\\x1b");
}
