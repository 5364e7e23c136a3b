#include "matcher/core/look_alike.hpp"

#include <catch2/catch_test_macros.hpp>

namespace matcher {
namespace {

/// The difference of two texts that look the same; "" if they do not.
std::string difference(std::string_view one, std::string_view other) {
  const auto pairs = find_look_alikes({one}, {other});
  return pairs.empty() ? "" : pairs[0].difference;
}

TEST_CASE("texts that look the same are found, and their difference is named") {
  CHECK(difference("jam", "Jam") == "capitals");
  CHECK(difference("stra\xC3\x9F"
                   "e",
                   "STRASSE") == "capitals");
  CHECK(difference("cafe\xCC\x81", "caf\xC3\xA9") == "their Unicode form (NFD, NFC)");
  CHECK(difference("Cafe\xCC\x81", "caf\xC3\xA9") == "their Unicode form (NFD, NFC) and capitals");
  CHECK(difference("tea ", "tea") == "spaces");
  CHECK(difference("green  tea", "green tea") == "spaces");
  CHECK(difference("te\xE2\x80\x8B"
                   "a",
                   "tea") == "invisible characters");
  CHECK(difference("\xEF\xBB\xBFtea", "tea") == "invisible characters");
  CHECK(difference("soft\xC2\xADhyphen", "softhyphen") == "invisible characters");
  CHECK(difference("a\xE2\x80\x93"
                   "b",
                   "a-b") == "characters that look the same");
  CHECK(difference("green\xC2\xA0tea", "green tea") == "characters that look the same");
  CHECK(difference("\xEF\xBC\xA1", "A") == "characters that look the same");
}

TEST_CASE("texts that look different, equal and empty texts are no pairs") {
  CHECK(difference("tea", "teas").empty());
  CHECK(difference("cafe", "caf\xC3\xA9").empty());
  CHECK(difference("tea", "tea").empty());
  CHECK(difference("", " ").empty());
  CHECK(find_look_alikes({"tea", "Tea"}, {"tea"}).size() == 1);
  CHECK(find_look_alikes({"\xFF"}, {"\xFE"}).size() == 1);  // both are shown as U+FFFD
}

TEST_CASE("two differences are described at most") {
  const auto pairs = find_look_alikes({"a ", "b", "c"}, {"a", "B", "C"});
  CHECK(pairs.size() == 3);
  CHECK(describe_differences(pairs, "queries", "gallery") ==
        "\"a \" of the queries and \"a\" of the gallery differ in spaces; \"b\" and \"B\" in capitals");
}

}  // namespace
}  // namespace matcher
