#pragma GCC diagnostic ignored "-Warray-bounds"  // GCC 12 is wrong about the JSON library with diagnostics
#define JSON_DIAGNOSTICS 1
#include "matcher/files/json_damage.hpp"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

using matcher::describe_damage;
using nlohmann::json;

namespace {

template <class Read>
std::string damage(const std::string& text, Read read) {
  try {
    read(json::parse(text));
  } catch (const std::exception& error) {
    return describe_damage(error);
  }
  return "none";
}

std::string name_in(const std::string& text) {
  return damage(text, [](const json& j) { return j.at("model").at("name").get<std::string>(); });
}

}  // namespace

TEST_CASE("damaged JSON is described by its key") {
  CHECK(name_in(R"({"model": {"name": "a"}})") == "none");
  CHECK(name_in("{}") == "\"model\" is missing");
  CHECK(name_in(R"({"model": {}})") == "\"model.name\" is missing");
  CHECK(name_in(R"({"model": {"name": 1}})") == "\"model.name\" must be string, but is number");
  CHECK(name_in(R"({"model": [1]})") == "\"model\" has the wrong type");
  CHECK(name_in("[]") == "a value has the wrong type");
  CHECK(damage(R"({"a": [1, "x"]})", [](const json& j) { return j.at("a").at(1).get<int>(); }) ==
        "\"a.1\" must be number, but is string");
}

TEST_CASE("text that is not JSON is described by its place, and not shown") {
  CHECK(name_in("") == "not valid JSON at line 1, column 1");
  CHECK(name_in("{\n\"a\": \x1b[31m}") == "not valid JSON at line 2, column 6");
}
