#include "matcher/core/names.hpp"

#include <catch2/catch_test_macros.hpp>

namespace matcher {
namespace {

TEST_CASE("the nearest name is the one with the fewest edits") {
  CHECK(nearest_name("mobilnet-v2", {"dinov2-base", "mobilenet-v2", "mobilenet-v3-small"}) == "mobilenet-v2");
  CHECK(nearest_name("resise", {"scale", "resize"}) == "resize");
}

TEST_CASE("a name far from all is near to none") {
  CHECK(nearest_name("zebra", {"mobilenet-v2"}).empty());
  CHECK(nearest_name("x", {}).empty());
}

TEST_CASE("a hint names the nearest, else everything, else nothing") {
  CHECK(name_hint("labell", {"label", "path"}) == "; did you mean \"label\"?");
  CHECK(name_hint("zebra", {"label", "path"}) == "; known: label, path");
  const std::vector<std::string> many(23, "column");
  CHECK(name_hint("zebra", many).ends_with("column, column and 3 more"));
  CHECK(name_hint("zebra", {}).empty());
}

TEST_CASE("a short fingerprint has eight digits") {
  CHECK(short_fingerprint("99aa06d3014798d86001c324468d497f") == "99aa06d3");
  CHECK(short_fingerprint("99").size() == 2);
}

TEST_CASE("a file name has no signs that a shell or a file system minds") {
  CHECK(file_name_of("dinov2-large:0.6+clip/b.pt") == "dinov2-large_0.6_clip_b.pt");
  CHECK(file_name_of("caf\xC3\xA9") == "caf__");
}

}  // namespace
}  // namespace matcher
