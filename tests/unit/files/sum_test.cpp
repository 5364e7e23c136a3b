#include "matcher/files/sum.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace matcher;

TEST_CASE("a sum is the last key, and every flipped byte is noticed") {
  const std::string text = "{\n  \"schema\": \"x\",\n  \"count\": 12\n}\n";
  const auto summed = with_sum(text);
  CHECK(summed.starts_with("{\n  \"schema\": \"x\",\n  \"count\": 12,\n  \"sum\": \""));
  CHECK(summed.ends_with("\"\n}\n"));
  CHECK_FALSE(has_wrong_sum(summed));
  for (std::size_t i = 0; i < summed.size(); ++i) {
    auto flipped = summed;
    flipped[i] ^= 1;
    CHECK(has_wrong_sum(flipped));
  }
  CHECK(has_wrong_sum(summed.substr(0, summed.size() - 1)));
}

TEST_CASE("a text of an older version has no sum, which is fine") {
  CHECK_FALSE(has_wrong_sum("{\n  \"schema\": \"matcher.run/1\",\n  \"version\": \"0.1.0\",\n  \"count\": 12\n}\n"));
  CHECK_FALSE(has_wrong_sum(""));
}
