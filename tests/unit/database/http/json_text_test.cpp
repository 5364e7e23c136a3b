#include "matcher/database/http/json_text.hpp"

#include <bit>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <random>
#include <vector>

using namespace matcher::database;

TEST_CASE("floats as base64 are their little-endian bytes") {
  // Python: base64.b64encode(struct.pack("<4f", 1, -2.5, 0, 3.25))
  std::string body = "x";
  append_base64(body, std::vector<float>{1, -2.5f, 0, 3.25f});
  CHECK(body == "x\"AACAPwAAIMAAAAAAAABQQA==\"");
  body.clear();
  append_base64(body, std::vector<float>{1, -2.5f, 0});
  CHECK(body == "\"AACAPwAAIMAAAAAA\"");
  body.clear();
  append_base64(body, std::vector<float>{1, -2.5f});
  CHECK(body == "\"AACAPwAAIMA=\"");
}

TEST_CASE("floats as text read back to the same bits") {
  std::mt19937 random(3);
  std::vector<float> values{0, 1, -1, 0.1f, 1e-38f, 3.4e38f};
  while (values.size() < 2000) {
    const auto value = std::bit_cast<float>(std::uint32_t(random()));
    if (std::isfinite(value)) values.push_back(value);
  }
  std::string body;
  append_floats(body, values);
  CHECK(nlohmann::json::parse(body).get<std::vector<float>>() == values);
  body.clear();
  append_floats(body, {});
  CHECK(body == "[]");
}

TEST_CASE("text is quoted, and bytes that are not UTF-8 do not break the body") {
  CHECK(nlohmann::json::parse(dump("a\"b\\c\nü")) == "a\"b\\c\nü");
  CHECK(nlohmann::json::parse(dump("a\xff")) == "a\xEF\xBF\xBD");
}
