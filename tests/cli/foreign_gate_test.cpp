// Gates and comparisons of runs of other systems: folders with run.trec and qrels.trec.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <nlohmann/json.hpp>

#include "cli/program.hpp"

using Catch::Matchers::ContainsSubstring;
using nlohmann::json;

namespace {

/// A run, and the files of another system with the same answers.
std::string evaluate(const cli::Folder& work, const std::string& model, const std::string& run) {
  REQUIRE(cli::run(work, {"eval", "--model", model, "--dataset", cli::demo(), "--output", work.str(run)}).code == 0);
  cli::fs::create_directories(work / (run + "-trec"));
  for (const char* file : {"run.trec", "qrels.trec"})
    cli::fs::copy_file(work / run / file, work / (run + "-trec") / file);
  return work.str(run);
}

}  // namespace

TEST_CASE("a gate takes the files of other systems on both sides") {
  const cli::Folder work;
  const auto good = evaluate(work, "colour-layout", "good"), bad = evaluate(work, "gradient-layout", "bad");
  const auto verdict = [&](const std::string& run, const std::string& baseline) {
    const auto result =
        cli::run({"compare", run, "--baseline", baseline, "--max-drop", "top1=0.3", "--format", "json"});
    CHECK(result.code != 2);
    CHECK(result.code != 4);
    const auto check = json::parse(result.out)["gate"]["checks"][0];
    return std::pair(check["drop"].dump(), result.code);
  };
  const auto own = verdict(bad, good);
  CHECK(verdict(bad + "-trec", good) == own);
  CHECK(verdict(bad, good + "-trec") == own);
  CHECK(verdict(bad + "-trec", good + "-trec") == own);
  const auto equal = cli::run({"compare", good, good + "-trec", "--format", "json"});
  CHECK(equal.code == 0);
  const auto row = json::parse(equal.out)["rows"][1];
  for (const auto& [metric, gain] : row["gain"].items()) CHECK(gain["value"] == 0);
  CHECK(row["broken"].empty());
  CHECK(cli::run({"compare", good, good + "-trec", "--format", "html", "--write-to", work.str("page.html")}).code == 0);
}

TEST_CASE("files that judge other queries are refused") {
  const cli::Folder work;
  const auto run = evaluate(work, "colour-layout", "run");
  auto judgements = cli::text_of(run + "-trec/qrels.trec");
  cli::write(work / "run-trec" / "qrels.trec", judgements + "another 0 item 1\n");
  const auto result = cli::run({"compare", run, run + "-trec"});
  CHECK(result.code == 4);
  CHECK(result.err.find("cannot compare the runs \"" + run + "\" and \"" + run +
                        "-trec\": they judge 24 and 25 queries. "
                        "Judge the same queries in both\n") != std::string::npos);
}
