#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <sstream>
#include <string>

#include "cli/program.hpp"

using Catch::Matchers::ContainsSubstring;

namespace {

constexpr const char* named[] = {"dinov2-base", "dinov2-large", "clip-vit-l-14", "clip-vit-b-32"};

cli::Result list(const cli::Folder& work) {
  return cli::run({"--workdir", work.str("w"), "models"}, {"MATCHER_MODELS="});
}

/// The model's line of a list.
std::string line_of(const std::string& name, const std::string& all) {
  std::istringstream lines(all);
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with(name + " ") || line.starts_with(name + ",")) return line;
  return "";
}

}  // namespace

TEST_CASE("models tells the one command that makes named models ready") {
  const cli::Folder work;
  const auto result = list(work);
  CHECK(result.code == 0);
  for (const std::string name : named) CHECK_THAT(line_of(name, result.out), ContainsSubstring(" missing "));
  CHECK_THAT(result.out, ContainsSubstring(" models are missing; next: scripts/fetch-model NAME, for example "
                                           "scripts/fetch-model clip-vit-b-16\n"));
}

TEST_CASE("models tells of each named model that it is ready once its file is there") {
  const cli::Folder work;
  const auto some = work.str("some.pt");
  REQUIRE(cli::run({"export", "colour-layout", "--output", some}).code == 0);
  for (const std::string name : named) {
    cli::fs::create_directories(work / "w/models");
    cli::fs::copy_file(some, work / ("w/models/" + name + ".pt"));
  }
  const auto result = list(work);
  CHECK(result.code == 0);
  for (const std::string name : named) CHECK_THAT(line_of(name, result.out), ContainsSubstring(" ready "));
  const auto csv = cli::run({"--workdir", work.str("w"), "models", "--format", "csv"}, {"MATCHER_MODELS="});
  CHECK_THAT(csv.out, ContainsSubstring("dinov2-large,1024,") && ContainsSubstring(",ready,\"facebook/dinov2-large"));
}

TEST_CASE("eval of a model whose file is missing tells the same command") {
  const cli::Folder work;
  for (const std::string name : named) {
    const auto result =
        cli::run({"--workdir", work.str("w"), "eval", "--model", name, "--dataset", cli::demo()}, {"MATCHER_MODELS="});
    CHECK(result.code == 3);
    CHECK(result.err ==
          "matcher: error: the TorchScript file " + name + ".pt of model \"" + name +
              "\" is missing; get it into models/ or a folder of $MATCHER_MODELS with: scripts/fetch-model " + name +
              "\n");
    CHECK(result.out.empty());
  }
}
