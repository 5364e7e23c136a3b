#include "matcher/model/network/torch_plugin.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cstdlib>
#include <functional>

#include "unit/model/scratch.hpp"

using Catch::Matchers::ContainsSubstring;
using matcher::ErrorCode;
using matcher::test::error_of;
using matcher::test::Scratch;

namespace {

/// The message of the Error that `work` throws if the plugin is searched at `place`.
std::string refusal(const std::string& place, const std::function<void()>& work) {
  ::setenv("MATCHER_PLUGIN_PATH", place.c_str(), 1);
  const auto error = error_of(work);
  ::unsetenv("MATCHER_PLUGIN_PATH");
  REQUIRE(error);
  CHECK(error->code() == ErrorCode::resource);
  return error->what();
}

void open() { matcher::model::torch_plugin(); }

}  // namespace

TEST_CASE("a missing plugin is an error with the places searched") {
  const Scratch scratch;
  const auto find = [] { matcher::model::libtorch_plugin(); };
  for (const std::function<void()>& work : {std::function<void()>(open), std::function<void()>(find)}) {
    CHECK_THAT(refusal((scratch / "none").string(), work),
               ContainsSubstring((scratch / "none" / "libmatcher_torch.so").string()));
    CHECK_THAT(refusal((scratch / "").string(), work), ContainsSubstring((scratch / "libmatcher_torch.so").string()));
  }
}

TEST_CASE("a plugin that does not load says why") {
  const Scratch scratch;
  scratch.write("libmatcher_torch.so", "no library");
  CHECK_THAT(refusal((scratch / "").string(), open), ContainsSubstring("does not load"));
}

TEST_CASE("the plugin is found without being opened") {
  const Scratch scratch;
  const auto file = scratch.write("libmatcher_torch.so", "no library");
  ::setenv("MATCHER_PLUGIN_PATH", (scratch / "").c_str(), 1);
  const auto found = matcher::model::find_torch_plugin();
  ::unsetenv("MATCHER_PLUGIN_PATH");
  CHECK(matcher::fs::equivalent(found, file));
}
