#include "matcher/model/load/network_embedder.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "unit/model/scratch.hpp"

using Catch::Matchers::ContainsSubstring;

TEST_CASE("a description without a fixed input size is refused before anything is loaded") {
  matcher::model::Bundle bundle;
  bundle.name = bundle.builtin = "colour-layout";
  bundle.origin = "configs/models/x.yaml";
  const auto error = matcher::test::error_of([&] { matcher::model::fixed_size(bundle); });
  REQUIRE(error);
  CHECK(error->code() == matcher::ErrorCode::usage);
  CHECK_THAT(error->what(), ContainsSubstring("configs/models/x.yaml"));
  bundle.preprocess.crop = {3, 5};
  CHECK(matcher::model::fixed_size(bundle) == matcher::image::Size{3, 5});
}
