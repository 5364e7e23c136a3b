#include "matcher/pipeline/embedding/photo.hpp"

#include <catch2/catch_test_macros.hpp>

#include "matcher/files/hash.hpp"
#include "unit/pipeline/stand_ins.hpp"

using namespace matcher;
using pipeline::SharedPhotos;

namespace {

std::vector<dataset::Item> items(const std::vector<std::string>& paths) {
  std::vector<dataset::Item> made(paths.size());
  for (std::size_t i = 0; i < paths.size(); ++i) made[i].id = made[i].path = paths[i];
  return made;
}

std::vector<pipeline::Work> works(const std::vector<dataset::Item>& items) {
  std::vector<pipeline::Work> made;
  for (const auto& item : items) made.push_back({&item, Role::gallery});
  return made;
}

}  // namespace

TEST_CASE("consecutive boxes of a photo share it until the last is done", "[photo]") {
  const auto all = items({"a.jpg#1,1,2,2", "a.jpg#3,3,2,2", "b.jpg", "b.jpg#1,1,2,2", "a.jpg#5,5,2,2"});
  const auto listed = works(all);
  SharedPhotos photos(listed, 0);
  const auto first = photos.find(0);
  CHECK(photos.find(1) == first);
  CHECK(photos.find(2) == nullptr);
  CHECK(photos.find(3) != first);
  CHECK(photos.find(4) != first);
  photos.done(0);
  photos.done(1);
  CHECK(first.use_count() == 1);
  CHECK(photos.find(3).use_count() == 2);
}

TEST_CASE("a job that goes on counts only the boxes that are left", "[photo]") {
  const auto all = items({"a.jpg#1,1,2,2", "a.jpg#3,3,2,2", "a.jpg#5,5,2,2"});
  const auto listed = works(all);
  SharedPhotos photos(listed, 2);
  const auto photo = photos.find(2);
  photos.done(2);
  CHECK(photo.use_count() == 1);
}

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
