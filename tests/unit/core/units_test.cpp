#include "matcher/core/units.hpp"

#include <catch2/catch_test_macros.hpp>

#include "matcher/core/error.hpp"

using namespace matcher;

TEST_CASE("sizes as people type them") {
  CHECK(parse_bytes("8GiB") == std::uintmax_t{8} << 30);
  CHECK(parse_bytes("500 MB") == 500'000'000);
  CHECK(parse_bytes("1.5K") == 1500);
  CHECK(parse_bytes("1024") == 1024);
  CHECK(parse_bytes("2kiB") == 2048);
  for (const char* wrong : {"", "GiB", "-1GiB", "8 bananas", "8Gi", "0", "nan", "1e30", "inf"}) {
    INFO(wrong);
    CHECK_THROWS_AS(parse_bytes(wrong), Error);
  }
}

TEST_CASE("times as people type them") {
  CHECK(parse_duration("30d") == std::chrono::hours(720));
  CHECK(parse_duration("12h") == std::chrono::hours(12));
  CHECK(parse_duration("0s") == std::chrono::seconds(0));
  for (const char* wrong : {"", "d", "30", "-1d", "3 weeks"}) {
    INFO(wrong);
    CHECK_THROWS_AS(parse_duration(wrong), Error);
  }
}

TEST_CASE("sizes and times as people read them") {
  CHECK(human_bytes(std::uintmax_t{2} << 30) == "2.0 GiB");
  CHECK(human_bytes(17) == "17 B");
  CHECK(human_count(999) == "999");
  CHECK(human_count(22'056'576) == "22.1 M");
  CHECK(human_seconds(0.2) == "1 s");
  CHECK(human_seconds(45) == "45 s");
  CHECK(human_seconds(600) == "10 min");
  CHECK(human_seconds(36000) == "10.0 h");
}
