// --promote of eval and compare: how the reference of a gate is made and replaced.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "cli/program.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

namespace {

/// The files of a run.
std::vector<std::string> contents_of(const cli::fs::path& folder) {
  std::vector<std::string> all;
  for (const char* name : {"manifest.json", "report.json", "queries.jsonl", "run.trec", "qrels.trec"})
    all.push_back(cli::text_of(folder / name));
  return all;
}

cli::Result evaluate(const cli::Folder& work, const std::string& model, const std::string& run,
                     std::vector<std::string> more = {}) {
  more.insert(more.begin(), {"eval", "--model", model, "--dataset", cli::demo(), "--output", work.str(run)});
  return cli::run(work, more);
}

cli::Result gate(const cli::Folder& work, const std::string& run, std::vector<std::string> more = {}) {
  more.insert(more.begin(), {"compare", work.str(run), "--baseline", work.str("reference"), "--max-drop", "top1=0.01",
                             "--promote", work.str("reference")});
  return cli::run(work, more);
}

}  // namespace

TEST_CASE("eval --promote makes the first reference, and later leaves it as it is") {
  const cli::Folder work;
  const auto reference = work.str("reference");
  const auto first = evaluate(work, "colour-layout", "one", {"--promote", reference});
  CHECK(first.code == 0);
  CHECK_THAT(first.err, ContainsSubstring("matcher: promoted: \"" + reference + "\" is now a copy of \"" +
                                          work.str("one") + "\"\n"));
  const auto before = contents_of(work / "reference");
  CHECK(before == contents_of(work / "one"));
  const auto second = evaluate(work, "gradient-layout", "two", {"--promote", reference});
  CHECK(second.code == 0);
  CHECK_THAT(second.err, ContainsSubstring("matcher: \"" + reference +
                                           "\" has a run already and stays as it is. Replace it after a gate: matcher "
                                           "compare " +
                                           work.str("two") + " --baseline " + reference +
                                           " --max-drop top1=0.01 "
                                           "--promote " +
                                           reference + "\n"));
  CHECK(contents_of(work / "reference") == before);
}

TEST_CASE("eval --promote makes no reference of a run below --fail-below") {
  const cli::Folder work;
  const auto result =
      evaluate(work, "colour-layout", "one", {"--promote", work.str("reference"), "--fail-below", "top1=1"});
  CHECK(result.code == 6);
  CHECK_THAT(result.err, ContainsSubstring("matcher: warning: not promoted: \"" + work.str("reference") +
                                           "\" stays as it is, because a metric is below --fail-below\n"));
  CHECK_FALSE(cli::fs::exists(work / "reference"));
}

TEST_CASE("compare --promote replaces the reference only after a pass") {
  const cli::Folder work;
  REQUIRE(evaluate(work, "colour-layout", "colour").code == 0);
  REQUIRE(evaluate(work, "gradient-layout", "gradient").code == 0);
  REQUIRE(cli::run(work, {"eval", "--run", work.str("gradient"), "--promote", work.str("reference")}).code == 0);
  const auto gradient = contents_of(work / "gradient"), colour = contents_of(work / "colour");
  CHECK(contents_of(work / "reference") == gradient);
  const auto passed = gate(work, "colour");
  CHECK(passed.code == 0);
  CHECK_THAT(passed.err, ContainsSubstring("matcher: promoted: \"" + work.str("reference") + "\" is now a copy of \"" +
                                           work.str("colour") + "\"\n"));
  CHECK(contents_of(work / "reference") == colour);
  const auto refused = gate(work, "gradient");
  CHECK((refused.code == 6 || refused.code == 7));
  CHECK_THAT(refused.err, ContainsSubstring("matcher: warning: not promoted: \"" + work.str("reference") +
                                            "\" stays as it is, because the gate's verdict is "));
  CHECK(contents_of(work / "reference") == colour);
  CHECK(gate(work, "reference").code == 0);  // onto itself
  CHECK(contents_of(work / "reference") == colour);
}

TEST_CASE("a damaged run is not promoted") {
  const cli::Folder work;
  REQUIRE(evaluate(work, "colour-layout", "one").code == 0);
  cli::write(work / "one" / "qrels.trec", "cut");
  const auto result = cli::run(work, {"eval", "--run", work.str("one"), "--promote", work.str("reference")});
  CHECK(result.code == 3);
  CHECK_THAT(result.err, ContainsSubstring("qrels.trec\" is damaged"));
  CHECK_FALSE(cli::fs::exists(work / "reference"));
}

TEST_CASE("the flag --promote is checked before any work") {
  const cli::Folder work;
  cli::write(work / "thesis" / "text.txt", "x");
  const auto refused = [&](std::vector<std::string> arguments, const std::string& start) {
    const auto result = cli::run(work, std::move(arguments));
    CHECK(result.code == 2);
    CHECK(result.out.empty());
    CHECK_THAT(result.err, StartsWith("matcher: error: " + start));
    CHECK_FALSE(cli::fs::exists(work / "w" / "embeddings"));
  };
  const std::vector<std::string> eval{"eval", "--model", "colour-layout", "--dataset", cli::demo()};
  auto onto_a_folder = eval, onto_itself = eval;
  onto_a_folder.insert(onto_a_folder.end(), {"--promote", work.str("thesis")});
  refused(onto_a_folder, "\"" + work.str("thesis") + "\"");
  onto_itself.insert(onto_itself.end(), {"--output", work.str("run"), "--promote", work.str("run") + "/."});
  refused(onto_itself, "--promote " + work.str("run") +
                           "/. names the folder of the run itself. Give the reference "
                           "another folder\n");
  refused({"compare", "a", "b", "--max-drop", "top1=0.1", "--promote", "r"},
          "--promote r needs one run that passes a gate: matcher compare RUN --baseline r --max-drop top1=0.01 "
          "--promote r. Make the first reference: matcher eval --model M --dataset D --promote r\n");
  CHECK(cli::text_of(work / "thesis" / "text.txt") == "x");
}
