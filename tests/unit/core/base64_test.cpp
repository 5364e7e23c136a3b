#include "matcher/core/base64.hpp"

#include <catch2/catch_test_macros.hpp>

TEST_CASE("bytes as base64 are those of RFC 4648, section 10") {
  const auto encoded = [](std::string_view text) {
    std::string out = "<";
    matcher::append_base64(out, std::as_bytes(std::span(text)));
    return out;
  };
  CHECK(encoded("") == "<");
  CHECK(encoded("f") == "<Zg==");
  CHECK(encoded("fo") == "<Zm8=");
  CHECK(encoded("foo") == "<Zm9v");
  CHECK(encoded("foobar") == "<Zm9vYmFy");
  CHECK(encoded("\xff\xfe\xfd") == "<//79");
}
