// Speed that is measured by itself. No number is tested: they are those of this machine and moment.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <nlohmann/json.hpp>

#include "cli/program.hpp"

using Catch::Matchers::ContainsSubstring;
using nlohmann::json;

TEST_CASE("eval --speed measures a trial and stores it with the run") {
  const cli::Folder work;
  const auto result = run(work, {"eval", "--model", "gradient-layout", "--dataset", cli::demo(), "--speed", "--output",
                                 work.str("run"), "--format", "json"});
  INFO(result.err);
  REQUIRE(result.code == 0);
  const auto trial = json::parse(result.out)["speed"]["trial"];
  const auto& speed = trial["images_per_second"];
  CHECK(trial["images"] == 16);
  CHECK(trial["repeats"] == 3);
  CHECK((speed["low"] > 0 && speed["low"] <= speed["median"] && speed["median"] <= speed["high"]));
  CHECK(trial["image_ms_p50"]["median"] <= trial["image_ms_p95"]["median"]);
  CHECK(trial["peak_memory_bytes"] > 1 << 20);
  CHECK((trial["load"] >= 0 && trial["load"] <= 1));
  CHECK(trial["created"].get<std::string>().ends_with("Z"));
  CHECK(json::parse(cli::text_of(work / "run" / "report.json"))["speed"]["trial"] == trial);
  CHECK_THAT(run(work, {"eval", "--run", work.str("run")}).out, ContainsSubstring("speed: 16 photos, 3 repeats"));
}

TEST_CASE("compare --speed measures every model on the same photos") {
  const cli::Folder work;
  const auto result = run(work, {"compare", "--models", "colour-layout,gradient-layout", "--dataset", cli::demo(),
                                 "--speed", "--format", "json"});
  INFO(result.err);
  REQUIRE(result.code == 0);
  const auto rows = json::parse(result.out)["rows"];
  CHECK(rows[0]["speed"]["trial"]["photos"] == rows[1]["speed"]["trial"]["photos"]);
  CHECK(rows[0]["speed"].contains("comparable"));
}

TEST_CASE("fuse --speed measures the members and their ensemble") {
  const cli::Folder work;
  const auto result = run(work, {"fuse", "--models", "colour-layout,gradient-layout", "--dataset", cli::demo(),
                                 "--speed", "--format", "json"});
  INFO(result.err);
  REQUIRE(result.code == 0);
  const auto fused = json::parse(result.out);
  const auto& ensemble = fused["ensemble"]["speed"]["trial"];
  CHECK(ensemble["images"] == 16);
  for (const auto& member : fused["members"]) CHECK(member["speed"]["trial"]["photos"] == ensemble["photos"]);
}

TEST_CASE("speed needs a model and its photos") {
  const cli::Folder work;
  auto result = run(work, {"compare", work.str("a"), work.str("b"), "--speed"});
  CHECK(result.code == 2);
  CHECK_THAT(result.err, ContainsSubstring("--speed measures models, not stored runs: give --models, or make the runs "
                                           "with: matcher eval --speed"));
  CHECK(run(work, {"fuse", work.str("a"), work.str("b"), "--speed"}).err == result.err);
  result = run(work, {"eval", "--model", "gradient-layout", "--dataset", cli::demo(), "--speed", "--query-by", "text"});
  CHECK(result.code == 2);
  CHECK_THAT(result.err, ContainsSubstring("--speed embeds images of a dataset"));
}
