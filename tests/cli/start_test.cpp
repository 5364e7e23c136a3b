// A command that runs no network and reads no image loads no large library. LD_DEBUG makes the loader print every file
// that it opens, on stderr.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "cli/program.hpp"

using Catch::Matchers::ContainsSubstring;

namespace {

struct Loaded {
  int code = -1;
  std::string files;
  /// The loader also names files that it was asked for only if they were loaded already.
  bool has(const std::string& library) const {
    for (auto at = files.find(library); at != std::string::npos; at = files.find(library, at + 1)) {
      const auto line = files.substr(0, at).rfind('\n') + 1;
      if (files.substr(line, at - line).find("calling init: ") != std::string::npos) return true;
    }
    return false;
  }
};

Loaded loaded_by(const std::vector<std::string>& arguments) {
  const auto result = cli::run(arguments, {"LD_DEBUG=files"});
  CHECK_THAT(result.err, ContainsSubstring("calling init: "));  // the loader speaks
  CHECK_THAT(result.err, ContainsSubstring("libyaml-cpp"));
  return {result.code, result.err};
}

void check_light(const Loaded& loaded) {
  for (const char* library : {"libtorch", "libmatcher_", "libblas", "liblapack", "libopenblas"}) {
    INFO(library);
    CHECK_FALSE(loaded.has(library));
  }
}

}  // namespace

TEST_CASE("help, a wrong flag and a comparison of stored runs do not load LibTorch or OpenBLAS") {
  const cli::Folder work;
  check_light(loaded_by({"--help"}));
  const auto wrong = loaded_by({"eval", "--modell", "x"});
  CHECK(wrong.code == 2);
  check_light(wrong);
  REQUIRE(cli::run({"--workdir", work.str("w"), "eval", "--model", "colour-layout", "--dataset", cli::demo(),
                    "--output", work.str("run")})
              .code == 0);
  const auto compared = loaded_by({"compare", work.str("run"), work.str("run")});
  CHECK(compared.code == 0);
  check_light(compared);
}
