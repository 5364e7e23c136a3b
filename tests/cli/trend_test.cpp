// `matcher trend`, and `compare --common`, on the real binary.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "cli/program.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::EndsWith;

namespace {

/// Evaluates `model` on the demo photos on a day of January 2026.
std::string night(const cli::Folder& work, const std::string& model, int day) {
  const auto folder = work.str("night-" + std::to_string(day));
  const auto result =
      cli::run({"--workdir", work.str("w"), "eval", "--model", model, "--dataset", cli::demo(), "--output", folder},
               {"SOURCE_DATE_EPOCH=" + std::to_string(1767225600 + 86400 * (day - 1))});
  REQUIRE(result.code == 0);
  return folder;
}

}  // namespace

TEST_CASE("trend orders runs by time, and compares each with the oldest") {
  const cli::Folder work;
  const auto third = night(work, "gradient-layout", 3), first = night(work, "colour-layout", 1),
             second = night(work, "colour-layout", 2);
  CHECK_THAT(cli::text_of(cli::fs::path(first) / "manifest.json"),
             ContainsSubstring("\"created\": \"2026-01-01T00:00:00Z\""));
  const auto result = cli::run({"trend", third, first, second, "--format", "csv"});
  CHECK(result.code == 0);
  CHECK(result.err.empty());
  const auto at = [&](const std::string& text) { return result.out.find(text); };
  CHECK(at("2026-01-01T00:00:00Z," + first) < at("2026-01-02T00:00:00Z," + second));
  CHECK(at("2026-01-02T00:00:00Z," + second) < at("2026-01-03T00:00:00Z," + third));
  CHECK_THAT(result.out, ContainsSubstring(",reference\n"));
  const auto named = cli::run({"trend", third, second, "--baseline", second + "/.", "--format", "csv"});
  CHECK(named.code == 0);
  CHECK_THAT(named.out, ContainsSubstring("2026-01-02T00:00:00Z," + second) && ContainsSubstring(",reference\n"));
}

TEST_CASE("with a limit, the newest run decides the exit code") {
  const cli::Folder work;
  const auto first = night(work, "colour-layout", 1), second = night(work, "colour-layout", 2),
             third = night(work, "gradient-layout", 3);
  CHECK(cli::run({"trend", first, second, "--max-drop", "top1=0.01"}).code == 0);
  const auto code = cli::run({"trend", first, second, third, "--max-drop", "top1=0.01"}).code;
  CHECK((code == 6 || code == 7));
  CHECK(cli::run({"trend", third, first, second, "--max-drop", "top1=0.01", "--baseline", first}).code == code);
}

TEST_CASE("wrong uses of trend are refused with the next step") {
  const cli::Folder work;
  const auto refused = [](const std::vector<std::string>& words, int code, const std::string& text) {
    const auto result = cli::run(words);
    CHECK(result.code == code);
    CHECK(result.out.empty());
    CHECK(result.err == "matcher: error: " + text + "\n");
  };
  const auto missing = work.str("none");
  refused({"trend", missing}, 2,
          "trend needs two runs or more. Give their folders, for example: matcher trend nights/*");
  refused({"trend", missing, missing}, 3,
          "there is no run at \"" + missing +
              "\": the folder does not exist. Make it: matcher eval --model M --dataset D "
              "--output " +
              missing);
  refused({"trend", missing, missing, "--max-drop", "top1=0.1,mrr=0.1"}, 2,
          "trend follows one metric, but --max-drop top1=0.1,mrr=0.1 names 2; give one of them");
  refused({"compare", "--models", "colour-layout,gradient-layout", "--dataset", "d", "--common"}, 2,
          "--common is for stored runs; --models are all evaluated on the same images");
}

TEST_CASE("a gate goes on when the catalogue has changed: on what both have in common") {
  const cli::Folder work;
  const auto before = night(work, "colour-layout", 1);
  const auto changed = work / "changed";
  cli::fs::copy(cli::demo(), changed, cli::fs::copy_options::recursive);
  const auto items = cli::text_of(changed / "items.csv");
  cli::write(changed / "items.csv",
             items.substr(0, items.rfind('\n', items.size() - 2) + 1));  // without the last query
  const auto after = work.str("after");
  REQUIRE(cli::run({"--workdir", work.str("w"), "eval", "--model", "colour-layout", "--dataset",
                    (changed / "dataset.yaml").string(), "--output", after})
              .code == 0);
  const auto refused = cli::run({"compare", before, after});
  CHECK(refused.code == 4);
  CHECK_THAT(refused.err, EndsWith("or compare the queries that both have: --common\n"));
  const std::vector<std::string> gate{"compare",   after,     "--baseline",         before,      "--max-drop",
                                      "top1=0.01", "--junit", work.str("gate.xml"), "--summary", work.str("gate.md")};
  auto forced = gate;
  forced.emplace_back("--common");
  for (const auto& arguments : {gate, forced}) {
    const auto result = cli::run(arguments);
    CHECK(result.code == 0);  // the same model gives each common query the same value
    CHECK(result.err.empty());
    CHECK_THAT(result.out, ContainsSubstring("\ncompared on the 24 queries that all runs have"));
  }
  const std::string said = "compared on the 24 queries that all runs have";
  CHECK_THAT(cli::text_of(work / "gate.xml"), ContainsSubstring("<system-out>" + said));
  CHECK_THAT(cli::text_of(work / "gate.md"), ContainsSubstring("* " + said));
}
