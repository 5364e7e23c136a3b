#include "matcher/core/text.hpp"

#include "unit/core/scratch.hpp"

namespace matcher {
namespace {

using test::error_of;

std::string refusal(const std::string& bytes) {
  return error_of(ErrorCode::input, [&] { to_utf8(bytes, "a.csv"); });
}

TEST_CASE("a byte order mark is dropped, and UTF-16 becomes UTF-8") {
  CHECK(to_utf8("plain", "a") == "plain");
  CHECK(to_utf8("\xEF\xBB\xBFplain", "a") == "plain");
  CHECK(to_utf8(std::string("\xFF\xFE"
                            "a\0\xE9\0\x3D\xD8\x00\xDE",
                            10),
                "a") == "a\xC3\xA9\xF0\x9F\x98\x80");
  CHECK(to_utf8(std::string("\xFE\xFF\0a\x20\xAC", 6), "a") == "a\xE2\x82\xAC");
  CHECK(to_utf8(std::string("a\0b\0", 4), "a") == "ab");
  CHECK(to_utf8(std::string("\0a\0b", 4), "a") == "ab");
  CHECK(to_utf8(std::string("\xFF\xFE\x3D\xD8", 4), "a") == "\xEF\xBF\xBD");
}

TEST_CASE("a file that is not a text is named, with what to do") {
  CHECK(refusal("version https://git-lfs.github.com/spec/v1\noid") ==
        "\"a.csv\" is a Git LFS pointer, not a text. Fetch the file: git lfs pull");
  CHECK(refusal("<!doctype html><html>") ==
        "\"a.csv\" is an HTML page, not a text. Fetch the file again: the server answered with a page");
  CHECK(refusal("\x1f\x8b\x08") == "\"a.csv\" is compressed by gzip, not a text. Unpack it: gunzip");
  CHECK(refusal("PK\3\4....") ==
        "\"a.csv\" is a ZIP archive or an Excel workbook, not a text. Unpack it, or save it as CSV");
  CHECK(refusal(std::string("a\0\0b", 4)) == "\"a.csv\" is a binary file, not a text. Save it as CSV in UTF-8");
  CHECK(refusal(std::string("\xFF\xFE\0\0", 4)) == "\"a.csv\" is UTF-32. Save it as UTF-8");
}

TEST_CASE("invalid bytes are replaced, valid ones stay") {
  CHECK(valid_utf8("caf\xC3\xA9 \xF0\x9F\x98\x80") == "caf\xC3\xA9 \xF0\x9F\x98\x80");
  CHECK(valid_utf8("caf\xE9") == "caf\xEF\xBF\xBD");
  CHECK(valid_utf8("\xC0\xAF"
                   "a") ==
        "\xEF\xBF\xBD\xEF\xBF\xBD"
        "a");
  CHECK(valid_utf8("\xED\xA0\x80").size() == 9);
  CHECK(valid_utf8("\xE2\x82") == "\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST_CASE("a text needs as many columns as a terminal shows") {
  CHECK(cell_count("") == 0);
  CHECK(cell_count("tea") == 3);
  CHECK(cell_count("caf\xC3\xA9") == 4);
  CHECK(cell_count("cafe\xCC\x81") == 4);              // e and a combining accent
  CHECK(cell_count("\xE7\xB7\x91\xE8\x8C\xB6") == 4);  // two CJK characters
  CHECK(cell_count("\xF0\x9F\x8D\x8E") == 2);          // an apple
  CHECK(cell_count("\xFF\xFF") == 2);
}

TEST_CASE("the start of a text fits into a number of columns") {
  CHECK(fitting_start("tea", 2) == "te");
  CHECK(fitting_start("tea", 9) == "tea");
  CHECK(fitting_start("\xE7\xB7\x91\xE8\x8C\xB6", 3) == "\xE7\xB7\x91");
  CHECK(fitting_start("e\xCC\x81x", 1) == "e\xCC\x81");
}

TEST_CASE("only ASCII letters change their case") { CHECK(lower_case("TEst-\xC3\x89") == "test-\xC3\x89"); }

}  // namespace
}  // namespace matcher
