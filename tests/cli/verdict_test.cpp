// The answer in one sentence: every format prints the one of the JSON.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <nlohmann/json.hpp>

#include "cli/program.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;
using nlohmann::json;

namespace {

std::string output(const cli::Folder& work, std::vector<std::string> arguments, const std::string& format) {
  arguments.insert(arguments.begin(), {"--workdir", work.str("w")});
  arguments.insert(arguments.end(), {"--format", format});
  const auto result = cli::run(arguments);
  INFO(result.err);
  REQUIRE(result.code == 0);
  return result.out;
}

/// Markdown escapes brackets and no other character of these sentences.
std::string in_markdown(std::string text) {
  for (std::size_t at = 0; (at = text.find('[', at)) != std::string::npos; at += 2) text.insert(at, "\\");
  return text;
}

}  // namespace

TEST_CASE("eval ends with the sentence of its JSON, and Markdown and the page start with it") {
  const cli::Folder work;
  const std::vector<std::string> eval{"eval", "--model", "gradient-layout", "--dataset", cli::demo()};
  const auto verdict = json::parse(output(work, eval, "json"))["verdict"];
  const auto sentence = verdict["sentence"].get<std::string>();
  CHECK_THAT(sentence, StartsWith("gradient-layout finds the correct product first for ") &&
                           ContainsSubstring(" of 24 photos; the model loses ") && EndsWith(", the index none"));
  CHECK_THAT(output(work, eval, "table"), EndsWith("\n" + sentence + "\n"));
  CHECK_THAT(output(work, eval, "markdown"), StartsWith(sentence + "\n\n"));
  CHECK_THAT(output(work, eval, "html"), ContainsSubstring("<h1>" + sentence + "</h1>"));
  CHECK(output(work, eval, "csv").find("of 24 photos") == std::string::npos);
}

TEST_CASE("the sentence of a stored run is the one of its metrics") {
  const cli::Folder work;
  output(work, {"eval", "--model", "gradient-layout", "--dataset", cli::demo(), "--output", work.str("run")}, "table");
  const std::vector<std::string> stored{"eval", "--run", work.str("run"), "--metrics", "mrr"};
  const auto report = json::parse(output(work, stored, "json"));
  const auto sentence = report["verdict"]["sentence"].get<std::string>();
  CHECK(report["verdict"]["value"] == report["metrics"]["mrr"]["value"]);
  CHECK_THAT(sentence, StartsWith("gradient-layout: MRR 0."));
  CHECK_THAT(output(work, stored, "table"), EndsWith("\n" + sentence + "\n"));
}

TEST_CASE("compare prints the sentence of its JSON: last on a terminal, first in Markdown and in a summary") {
  const cli::Folder work;
  const std::vector<std::string> compare{"compare", "--models", "colour-layout,gradient-layout", "--dataset",
                                         cli::demo()};
  const auto sentence = json::parse(output(work, compare, "json"))["verdict"]["sentence"].get<std::string>();
  CHECK_THAT(output(work, compare, "table"), EndsWith("\n" + sentence + "\n"));
  CHECK_THAT(output(work, compare, "markdown"), StartsWith(in_markdown(sentence) + "\n\n"));
  auto with_summary = compare;
  with_summary.insert(with_summary.end(), {"--summary", work.str("summary.md")});
  output(work, with_summary, "csv");
  CHECK_THAT(cli::text_of(work / "summary.md"), StartsWith("### matcher compare\n\n" + in_markdown(sentence) + "\n\n"));
}
