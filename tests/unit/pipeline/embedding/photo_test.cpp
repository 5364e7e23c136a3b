#include "matcher/pipeline/embedding/photo.hpp"

#include <catch2/catch_test_macros.hpp>

#include "matcher/files/hash.hpp"
#include "unit/pipeline/stand_ins.hpp"

using namespace matcher;

TEST_CASE("a photo that cannot be read fails for each of its boxes", "[photo]") {
  pipeline::Photo photo(parse_place("/nonexistent/a.jpg#1,1,2,2"));
  CHECK_THROWS_AS(photo.pixels(), Error);
  CHECK_THROWS_AS(photo.hash(), Error);
}

TEST_CASE("two boxes of one photo have different hashes, and so has a margin", "[photo]") {
  const auto hash = content_hash({});
  const Box box{1, 2, 3, 4};
  CHECK(pipeline::crop_hash(hash, box) != pipeline::crop_hash(hash, {1, 2, 3, 5}));
  CHECK(pipeline::crop_hash(hash, box) != pipeline::crop_hash(hash, {1, 2, 3, 4, false, 0.1}));
  CHECK(pipeline::crop_hash(hash, box) != hash);
  CHECK(pipeline::crop_hash(hash, box) == pipeline::crop_hash(hash, {1, 2, 3, 4, false, 0, 640, 480}));
}
