#include "matcher/report/views.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <nlohmann/json.hpp>

#include "matcher/core/error.hpp"
#include "matcher/report/json.hpp"
#include "unit/report/example.hpp"

using namespace matcher::report;
using Catch::Matchers::EndsWith;
using Catch::Matchers::Message;
using Catch::Matchers::MessageMatches;

namespace {

Views views() {
  return {example_model(),
          example_report().dataset,
          matcher::Role::gallery,
          matcher::eval::parse_aggregate("best-2"),
          20,
          7,
          {{2, 3, 4, {{"top1", {0.5, 0.25, 0.75}}}}}};
}

}  // namespace

TEST_CASE("views in JSON have how photos were drawn, and a row per number of photos") {
  const auto j = nlohmann::ordered_json::parse(to_json(views()));
  std::vector<std::string> keys;
  for (const auto& [key, value] : j.items()) keys.push_back(key);
  CHECK(keys == std::vector<std::string>{"schema", "model", "dataset", "side", "aggregate", "repeats", "seed",
                                         "verdict", "rows"});
  CHECK(j["schema"] == "matcher.views/1");
  CHECK(j["verdict"].dump() ==
        R"({"metric":"top1","value":0.5,"low":0.25,"high":0.75,"sentence":")" + sentence(views()) + "\"}");
  CHECK(j["rows"].dump() ==
        R"([{"views":2,"products":3,"asked":4,"metrics":{"top1":{"value":0.5,"low":0.25,"high":0.75}}}])");
}

TEST_CASE("views that are read again are written with the same bytes") {
  const auto text = to_json(views());
  CHECK(to_json(parse_views(text, "x")) == text);
}

TEST_CASE("a file that is not a curve is refused with the command that writes one") {
  CHECK_THROWS_MATCHES(parse_views("[]", "curve.json"), matcher::Error,
                       MessageMatches(EndsWith("Write it with: matcher views --model M --dataset D --format json "
                                               "--write-to curve.json")));
  CHECK_THROWS_MATCHES(parse_views(R"({"schema":"matcher.report/1"})", "curve.json"), matcher::Error,
                       Message("\"curve.json\" has the schema \"matcher.report/1\", not \"matcher.views/1\""));
}
