#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cstdlib>

#include "matcher/model/embedder.hpp"
#include "unit/model/scratch.hpp"

using Catch::Matchers::ContainsSubstring;
using matcher::ErrorCode;
using matcher::test::error_of;
using matcher::test::Scratch;

namespace {

/// The text of the Error when the plugin is looked for at `place`.
std::string complaint(const std::string& place) {
  ::setenv("MATCHER_PLUGIN_PATH", place.c_str(), 1);
  const auto error = error_of([] { matcher::model::libtorch_version(); });
  ::unsetenv("MATCHER_PLUGIN_PATH");
  REQUIRE(error);
  CHECK(error->code() == ErrorCode::resource);
  return error->what();
}

}  // namespace

TEST_CASE("a plugin that is not there is an error that names the places") {
  const Scratch scratch;
  CHECK_THAT(complaint((scratch / "none").string()),
             ContainsSubstring((scratch / "none" / "libmatcher_torch.so").string()));
  CHECK_THAT(complaint((scratch / "").string()), ContainsSubstring((scratch / "libmatcher_torch.so").string()));
}

TEST_CASE("a plugin that does not load says why") {
  const Scratch scratch;
  scratch.write("libmatcher_torch.so", "no library");
  CHECK_THAT(complaint((scratch / "").string()), ContainsSubstring("does not load"));
}

TEST_CASE("a description without a fixed input size is refused before anything is loaded") {
  matcher::model::Bundle bundle;
  bundle.name = bundle.builtin = "colour-layout";
  bundle.origin = "configs/models/x.yaml";
  const auto error = error_of([&] { matcher::model::load(bundle, {}); });
  REQUIRE(error);
  CHECK(error->code() == ErrorCode::usage);
  CHECK_THAT(error->what(), ContainsSubstring("configs/models/x.yaml"));
}
