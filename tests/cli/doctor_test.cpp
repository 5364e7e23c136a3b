// `matcher doctor` and `matcher config` on the real binary.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "cli/program.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

TEST_CASE("doctor examines processor, libraries, models and the work folder") {
  const cli::Folder work;
  const auto result = cli::run(work, {"doctor"});
  CHECK(result.code == 0);
  CHECK(result.err.empty());
  CHECK_THAT(result.out, StartsWith("subject "));
  for (const auto* subject : {"processor", "load", "memory", "LibTorch", "BLAS", "GPU", "models", "work folder"})
    CHECK_THAT(result.out, ContainsSubstring(std::string("\n") + subject + ' '));
  CHECK_THAT(result.out, ContainsSubstring(" free"));
  CHECK_FALSE(cli::fs::exists(work / "w"));
}

TEST_CASE("doctor ends with 5 for a problem, and says what to do") {
  const cli::Folder work;
  const auto result = cli::run({"--workdir", work.str("w"), "doctor", "--format", "csv"},
                               {"MATCHER_PLUGIN_PATH=" + work.str("nothing")});
  CHECK(result.code == 5);
  CHECK_THAT(result.out, ContainsSubstring("\nLibTorch,problem,"));
  CHECK_THAT(result.out, ContainsSubstring("install what is named, or run scripts/setup in the source tree"));
}

TEST_CASE("doctor names a work folder that cannot be written") {
  const auto result = cli::run({"--workdir", "/proc/matcher", "doctor", "--format", "csv"});
  CHECK(result.code == 5);
  CHECK_THAT(result.out, ContainsSubstring("\nwork folder,problem,"));
  CHECK_THAT(result.out, ContainsSubstring("choose another folder with --workdir"));
}

TEST_CASE("config shows where each setting comes from") {
  const cli::Folder work;
  cli::write(work / "m.yaml", "# settings\ndepth: 50\nserver:\n  token: secret\n");
  const auto result =
      cli::run({"--config", work.str("m.yaml"), "--workdir", work.str("w"), "config", "--format", "csv"});
  CHECK(result.code == 0);
  CHECK(result.err.empty());
  CHECK_THAT(result.out, StartsWith("setting,value,from\nmodel,,default\n"));
  CHECK_THAT(result.out, ContainsSubstring("\ndepth,50," + work.str("m.yaml") + ":2\n"));
  CHECK_THAT(result.out, ContainsSubstring("\nworkdir," + work.str("w") + ",the command line\n"));
  CHECK_THAT(result.out, ContainsSubstring("\nserver.token,\"(set, not shown)\"," + work.str("m.yaml") + ":4\n"));
  CHECK(result.out.find("secret") == std::string::npos);
}
