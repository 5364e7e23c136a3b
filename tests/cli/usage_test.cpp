#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "cli/program.hpp"

using Catch::Matchers::ContainsSubstring;

TEST_CASE("help shows examples and goes to stdout") {
  for (const char* command :
       {"embed", "index", "query", "eval", "compare", "fuse", "views", "models", "export", "completion"}) {
    const auto result = cli::run({command, "--help"});
    CHECK(result.code == 0);
    CHECK(result.err.empty());
    CHECK_THAT(result.out, ContainsSubstring("matcher") || ContainsSubstring("xample"));
  }
  CHECK_THAT(cli::run({"--help"}).out, ContainsSubstring("Exit codes"));
}

TEST_CASE("wrong flags end with 2 and one sentence") {
  const auto result = cli::run({"eval", "--modle", "x"});
  CHECK(result.code == 2);
  CHECK(result.out.empty());
  CHECK_THAT(result.err, ContainsSubstring("--modle"));
  CHECK(std::count(result.err.begin(), result.err.end(), '\n') == 1);
  CHECK(cli::run({}).code == 2);
  CHECK(cli::run({"evall"}).err ==
        "matcher: error: there is no subcommand \"evall\" (see matcher --help); did you mean \"eval\"?\n");
  CHECK(cli::run({"--quiet", "--workdir", "w", "--log-level=error", "evall"}).err ==
        "matcher: error: there is no subcommand \"evall\" (see matcher --help); did you mean \"eval\"?\n");
  CHECK(cli::run({"eval", "--modle", "x"}).err ==
        "matcher: error: The following arguments were not expected: x --modle (did you mean --model?); see matcher "
        "--help\n");
  CHECK(cli::run({"eval", "--workdri=w"}).err ==
        "matcher: error: The following argument was not expected: --workdri=w (did you mean --workdir?); see matcher "
        "--help\n");
  CHECK(cli::run({"eval", "--nothing-like-it"}).err ==
        "matcher: error: The following argument was not expected: --nothing-like-it; see matcher --help\n");
  CHECK(cli::run({"index", "--output", "x", "--plan", "--rollback"}).err ==
        "matcher: error: --plan excludes --rollback; see matcher --help\n");
  CHECK(cli::run({"models", "--format", "xml"}).err ==
        "matcher: error: unknown format \"xml\"; use table, markdown, csv, latex or json\n");
}

TEST_CASE("unknown names are told with what is near") {
  const cli::Folder work;
  const auto model =
      cli::run({"--workdir", work.str("w"), "eval", "--model", "colour-layot", "--dataset", cli::demo()});
  CHECK(model.code == 2);
  CHECK_THAT(model.err, ContainsSubstring("did you mean \"colour-layout\"?"));
  const auto dataset =
      cli::run({"--workdir", work.str("w"), "eval", "--model", "colour-layout", "--dataset", "grocery-stor"});
  CHECK(dataset.code == 2);
  CHECK_THAT(dataset.err, ContainsSubstring("did you mean \"grocery-store\"?"));
  CHECK_FALSE(cli::fs::exists(work / "w"));
}

TEST_CASE("a missing dataset says what to do next") {
  const cli::Folder work;
  const auto dataset =
      cli::run({"--workdir", work.str("w"), "eval", "--model", "colour-layout", "--dataset", "grocery-store"},
               {"GROCERY_STORE_ROOT=/nowhere"});
  CHECK(dataset.code == 3);
  CHECK_THAT(dataset.err, ContainsSubstring("/nowhere"));
}

TEST_CASE("models lists the named ones with their dimensions") {
  const auto result = cli::run({"models", "--format", "csv"});
  CHECK(result.code == 0);
  for (const char* row : {"dinov2-base,768", "dinov2-large,1024", "clip-vit-l-14,768", "clip-vit-b-32,512",
                          "mobilenet-v2,1280", "mobilenet-v3-small,1024", "colour-layout,", "gradient-layout,"}) {
    CHECK_THAT(result.out, ContainsSubstring(row));
  }
}

TEST_CASE("a requested GPU that is missing is an error") {
  const cli::Folder work;
  const auto result = cli::run({"--workdir", work.str("w"), "embed", "--model", "colour-layout", "--dataset",
                                cli::demo(), "--device", "cuda:7"});
  CHECK(result.code == 5);
  CHECK_THAT(result.err, ContainsSubstring("cuda:7"));
}

TEST_CASE("completion is a script that bash can read") {
  const auto result = cli::run({"completion", "bash"});
  CHECK(result.code == 0);
  CHECK_THAT(result.out,
             ContainsSubstring("complete -o default -F _matcher matcher") && ContainsSubstring("--fail-below"));
}
