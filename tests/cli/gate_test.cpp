// The gate of compare: levels of its verdicts, JUnit also of failed commands, slices, speed and drift.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/program.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

/// A CSV of the demo's photos with a brand: that of every second query is Sun, one query has none, the others are Cow.
std::string branded(const cli::Folder& work) {
  std::istringstream demo(cli::text_of(fs::path(cli::demo()) / "items.csv"));
  std::string text, line;
  std::getline(demo, line);
  text = line + ",brand\n";
  for (std::size_t i = 0; std::getline(demo, line);) {
    const bool is_query = line.find(",query,") != std::string::npos;
    const auto* brand = !is_query ? "" : i == 0 ? "" : i % 2 == 0 ? "Sun" : "Cow";
    i += is_query;
    text += cli::demo() + "/" + line + "," + brand + "\n";
  }
  cli::write(work / "branded.csv", text);
  return work.str("branded.csv");
}

std::string evaluate(const cli::Folder& work, const std::string& model, const std::string& run,
                     std::vector<std::string> more = {}) {
  more.insert(more.begin(), {"eval", "--model", model, "--dataset", cli::demo(), "--output", work.str(run)});
  REQUIRE(cli::run(work, more).code == 0);
  return work.str(run);
}

cli::Result compare(const cli::Folder& work, const std::string& run, const std::string& baseline,
                    std::vector<std::string> more) {
  more.insert(more.begin(), {"compare", run, "--baseline", baseline});
  return cli::run(work, more);
}

}  // namespace

TEST_CASE("a verdict stands once, and only a failure is an error") {
  const cli::Folder work;
  const auto good = evaluate(work, "colour-layout", "good"), bad = evaluate(work, "gradient-layout", "bad");
  const auto table = compare(work, good, good, {"--max-drop", "top1=0.01"});
  CHECK(table.err.empty());
  CHECK_THAT(table.out, ContainsSubstring("PASS top-1 of colour-layout"));
  const auto logged = [&](const std::string& run, const std::string& limit) {
    const auto result = compare(work, run, good, {"--max-drop", limit, "--format", "json"});
    CHECK_FALSE(json::parse(result.out)["gate"]["checks"].empty());
    return result.err;
  };
  CHECK_THAT(logged(good, "top1=0.01"), StartsWith("matcher: gate: PASS "));
  CHECK_THAT(logged(bad, "top1=0.2"),
             StartsWith("matcher: warning: gate: UNDECIDED ") || StartsWith("matcher: error: gate: FAIL "));
  const auto to_file = compare(work, good, good, {"--max-drop", "top1=0.01", "--write-to", work.str("table.txt")});
  CHECK_THAT(to_file.err, StartsWith("matcher: gate: PASS "));
}

TEST_CASE("a failed command writes its error as JUnit") {
  const cli::Folder work;
  const auto junit = work.str("gate.xml");
  const auto run = evaluate(work, "colour-layout", "run");
  const auto missing = compare(work, run, work.str("none"), {"--max-drop", "top1=0.01", "--junit", junit});
  CHECK(missing.code == 3);
  auto text = cli::text_of(junit);
  CHECK_THAT(text, ContainsSubstring("<testsuite name=\"matcher compare\" tests=\"1\" failures=\"0\" errors=\"1\"") &&
                       ContainsSubstring("<property name=\"exit_code\" value=\"3\"/>") &&
                       ContainsSubstring("there is no run in this folder") && ContainsSubstring("type=\"input\">"));
  const auto eval =
      cli::run(work, {"eval", "--model", "colour-layout", "--dataset", work.str("shop"), "--junit", junit});
  CHECK(eval.code == 3);
  text = cli::text_of(junit);
  CHECK_THAT(text, ContainsSubstring("<testsuite name=\"matcher eval\" tests=\"1\" failures=\"0\" errors=\"1\"") &&
                       ContainsSubstring("shop&quot; does not exist"));
}

TEST_CASE("eval writes its limits as JUnit") {
  const cli::Folder work;
  const auto junit = work.str("eval.xml");
  const auto result = cli::run(work, {"eval", "--model", "colour-layout", "--dataset", cli::demo(), "--fail-below",
                                      "top1=1,mrr=0", "--junit", junit});
  CHECK(result.code == 6);
  CHECK_THAT(cli::text_of(junit), ContainsSubstring("tests=\"3\" failures=\"1\" errors=\"0\"") &&
                                      ContainsSubstring("name=\"is evaluated\"") &&
                                      ContainsSubstring("name=\"top1 is at least 1\"") &&
                                      ContainsSubstring("name=\"mrr is at least 0\""));
  const auto both = cli::run(work, {"eval", "--run", "r", "--junit", junit, "--write-to", junit});
  CHECK(both.code == 2);
  CHECK(both.err == "matcher: error: --write-to and --junit name one file, \"" + junit + "\". Give each its own\n");
}

TEST_CASE("every slice is judged, and is a case in JUnit") {
  const cli::Folder work;
  const auto good = evaluate(work, "colour-layout", "good"), bad = evaluate(work, "gradient-layout", "bad");
  const auto result = compare(
      work, bad, good,
      {"--slice", "label", "--max-drop-slice", "top1=0.9", "--format", "json", "--junit", work.str("gate.xml")});
  CHECK((result.code == 0 || result.code == 7));
  const auto check = json::parse(result.out)["gate"]["slices"][0];
  CHECK(check["column"] == "label");
  CHECK(check["slices"].size() == 12);
  CHECK_THAT(cli::text_of(work / "gate.xml"),
             ContainsSubstring("tests=\"12\"") && ContainsSubstring("name=\"top1 by label falls by at most 0.9: "));
  const auto refused = [&](std::vector<std::string> more, const std::string& error) {
    const auto wrong = compare(work, bad, good, std::move(more));
    CHECK(wrong.code == 2);
    CHECK(wrong.err == "matcher: error: " + error + "\n");
  };
  refused({"--slice", "label"}, "--slice needs a limit. Add --max-drop-slice, for example --max-drop-slice top1=0.10");
  refused({"--max-drop-slice", "top1=0.1"}, "--max-drop-slice needs a column. Add --slice category, or --slice label");
}

TEST_CASE("any column of the catalogue is a slice") {
  const cli::Folder work;
  const auto csv = branded(work);
  const auto evaluate_csv = [&](const std::string& model) {
    REQUIRE(cli::run(work, {"eval", "--model", model, "--dataset", csv, "--output", work.str(model)}).code == 0);
    return work.str(model);
  };
  const auto good = evaluate_csv("colour-layout"), bad = evaluate_csv("gradient-layout");
  const auto result =
      compare(work, bad, good, {"--slice", "brand,view", "--max-drop-slice", "top1=0.9", "--format", "json"});
  CHECK((result.code == 0 || result.code == 7));
  const auto slices = json::parse(result.out)["gate"]["slices"];
  REQUIRE(slices.size() == 2);
  CHECK(slices[0]["column"] == "brand");
  CHECK(slices[0]["without_value"] == 1);
  REQUIRE(slices[0]["slices"].size() == 2);
  CHECK(slices[0]["slices"][0]["value"] == "Cow");
  CHECK(slices[1]["column"] == "view");
  const auto refusal = [](const std::string& place, const std::string& advice) {
    return "matcher: error: --slice: no query of \"" + place +
           "\" has a column \"brnd\". Did you mean \"brand\"? The columns are: label, category, brand, split, view. " +
           advice + "\n";
  };
  const auto stored = compare(work, bad, good, {"--slice", "brnd", "--max-drop-slice", "top1=0.9"});
  CHECK(stored.code == 2);
  CHECK(stored.err == refusal(bad,
                              "A column that the catalogue has now is there after the run is made again: matcher eval "
                              "--model gradient-layout --dataset D --output " +
                                  bad));
  const auto early = cli::run(work, {"compare", "--models", "colour-layout,gradient-layout", "--dataset", csv,
                                     "--slice", "brnd", "--max-drop-slice", "top1=0.9"});
  CHECK(early.code == 2);
  CHECK(early.err == refusal("branded", "Add the column to the dataset, or leave --slice out"));
  const auto models = cli::run(work, {"compare", "--models", "colour-layout,gradient-layout", "--dataset", csv,
                                      "--slice", "brand", "--max-drop-slice", "top1=0.9", "--format", "json"});
  CHECK(json::parse(models.out)["gate"]["slices"] == [&] {
    auto expected = json::array({slices[0]});
    expected[0]["run"] = json::parse(models.out)["gate"]["slices"][0]["run"];
    return expected;
  }());
}

TEST_CASE("speed and drift are checks of the gate") {
  const cli::Folder work;
  const auto good = evaluate(work, "colour-layout", "good"), other = evaluate(work, "gradient-layout", "other");
  const auto same = compare(work, good, good, {"--max-drift", "0", "--format", "json"});
  CHECK(same.code == 0);
  CHECK(json::parse(same.out)["gate"]["drift"][0]["distance"] == 0);
  const auto differs = compare(work, other, good, {"--max-drift", "0.1", "--format", "json"});
  CHECK(differs.code == 7);
  CHECK_THAT(json::parse(differs.out)["gate"]["drift"][0]["doubt"].get<std::string>(), StartsWith("the models differ"));
  const auto unmeasured = compare(work, good, good, {"--max-slowdown", "images_per_second=0.5"});
  CHECK(unmeasured.code == 7);
  CHECK_THAT(unmeasured.out, ContainsSubstring("UNDECIDED images per second of colour-layout"));
  const auto unknown = compare(work, good, good, {"--max-slowdown", "p95=0.5"});
  CHECK(unknown.code == 2);
  CHECK_THAT(unknown.err, ContainsSubstring("--max-slowdown names \"p95\", which is not a measured speed. Use "
                                            "images_per_second, image_ms_p50, image_ms_p95, search_ms_p50, "
                                            "search_ms_p95\n"));
}

TEST_CASE("two measured runs pass or fail by speed") {
  const cli::Folder work;
  const auto one = evaluate(work, "colour-layout", "one", {"--speed"}),
             two = evaluate(work, "colour-layout", "two", {"--speed"});
  const auto result = compare(work, two, one, {"--max-slowdown", "images_per_second=0.9", "--format", "json"});
  const auto check = json::parse(result.out)["gate"]["speed"][0];
  CHECK(check["measure"] == "images_per_second");
  CHECK(check.contains("doubt") != check.contains("slowdown"));  // another program may have been running
  CHECK(result.code == (check["verdict"] == "pass" ? 0 : check["verdict"] == "fail" ? 6 : 7));
}

TEST_CASE("an absolute speed is judged by its trial, and undecided without one") {
  const cli::Folder work;
  const auto run = evaluate(work, "colour-layout", "run");
  const auto unmeasured =
      compare(work, run, run, {"--max-p95", "50", "--min-images-per-second", "1", "--format", "json"});
  CHECK(unmeasured.code == 7);
  const auto limits = json::parse(unmeasured.out)["gate"]["speed_limits"];
  REQUIRE(limits.size() == 2);
  CHECK(limits[0]["measure"] == "image_ms_p95");
  CHECK(limits[0]["limit"] == 50);
  CHECK(limits[0]["doubt"] == "its speed was not measured; evaluate it with --speed");
  CHECK(limits[1]["measure"] == "images_per_second");
}
