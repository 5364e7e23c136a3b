#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <nlohmann/json.hpp>

#include "cli/program.hpp"

using Catch::Matchers::ContainsSubstring;
using nlohmann::json;

namespace {

cli::Result views(const cli::Folder& work, std::vector<std::string> more) {
  more.insert(more.begin(),
              {"--quiet", "--workdir", work.str("w"), "views", "--model", "colour-layout", "--dataset", cli::demo()});
  return cli::run(more);
}

json curve(const cli::Folder& work, std::vector<std::string> more) {
  more.insert(more.end(), {"--format", "json"});
  const auto result = views(work, more);
  INFO(result.err);
  REQUIRE(result.code == 0);
  return json::parse(result.out);
}

json top1_of_eval(const cli::Folder& work) {
  const auto result = cli::run({"--quiet", "--workdir", work.str("w"), "eval", "--model", "colour-layout", "--dataset",
                                cli::demo(), "--format", "json"});
  REQUIRE(result.code == 0);
  return json::parse(result.out)["metrics"]["top1"]["value"];
}

}  // namespace

TEST_CASE("all gallery photos by their best, or single query photos, are what eval measures") {
  const cli::Folder work;
  const auto gallery = curve(work, {"--counts", "2,1"});
  CHECK(gallery["schema"] == "matcher.views/1");
  REQUIRE(gallery["rows"].size() == 2);
  CHECK(gallery["rows"][0]["views"] == 1);
  CHECK(gallery["rows"][1]["products"] == 12);
  CHECK(gallery["rows"][1]["asked"] == 24);
  for (const char* part : {"value", "low", "high"})
    CHECK(gallery["rows"][1]["metrics"]["top1"][part] == top1_of_eval(work));
  const auto queries = curve(work, {"--side", "queries", "--counts", "1,2"});
  CHECK(queries["rows"][0]["metrics"]["top1"]["value"] == top1_of_eval(work));
  CHECK(queries["rows"][1]["asked"] == 12);
  CHECK(queries["dataset"]["unknown_queries"] == 4);
}

TEST_CASE("the curve is the same for the same seed, with any number of threads") {
  const cli::Folder work;
  const auto one = curve(work, {"--threads", "1", "--counts", "1,2", "--aggregate", "mean"});
  CHECK(curve(work, {"--threads", "3", "--counts", "1,2", "--aggregate", "mean"}) == one);
  CHECK(curve(work, {"--seed", "2", "--counts", "1,2", "--aggregate", "mean"})["rows"] != one["rows"]);
}

TEST_CASE("what views cannot do is told") {
  const cli::Folder work;
  const auto error = [&](std::vector<std::string> more, int code) {
    const auto result = views(work, more);
    CHECK(result.code == code);
    CHECK(result.out.empty());
    return result.err;
  };
  CHECK(error({"--side", "both"}, 2) == "matcher: error: unknown side \"both\"; use gallery or queries\n");
  CHECK_THAT(error({"--aggregate", "median"}, 2),
             ContainsSubstring("unknown aggregate \"median\"; use best, mean, or best-M"));
  CHECK(error({"--counts", "4,8"}, 3) ==
        "matcher: error: no product has 4 or 8 photos among the gallery, the most is 2; use smaller --counts\n");
  CHECK(error({"--counts", "0"}, 2).find("--counts") != std::string::npos);
}
