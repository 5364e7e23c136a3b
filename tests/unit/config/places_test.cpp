#include "matcher/config/places.hpp"

#include <algorithm>

#include "unit/config/surroundings.hpp"

namespace matcher::config {
namespace {

using test::CurrentFolder;
using test::Scratch;
using test::Variable;

TEST_CASE("folders are searched from the nearest to the farthest, each once, and only where they are") {
  const Scratch scratch;
  for (const auto* folder : {"here/configs/models", "here/work/models", "a", "b"})
    fs::create_directories(scratch / folder);
  const CurrentFolder here(scratch / "here");
  const auto list =
      (scratch / "a").string() + "::" + (scratch / "away").string() + ":" + (scratch / "b").string() + ":../a";
  const Variable variable("MATCHER_MODELS", list.c_str());
  const auto places = find_places("work");
  CHECK(places.workdir == "work");
  const std::vector<fs::path> expected{scratch / "here/work/models", scratch / "a", scratch / "b",
                                       scratch / "here/configs/models"};
  REQUIRE(places.model_folders.size() >= expected.size());
  CHECK(std::equal(expected.begin(), expected.end(), places.model_folders.begin()));
}

TEST_CASE("datasets have folders of their own") {
  const Scratch scratch;
  for (const auto* folder : {"here/datasets", "a"}) fs::create_directories(scratch / folder);
  const CurrentFolder here(scratch / "here");
  const Variable variable("MATCHER_DATASETS", scratch / "a");
  const auto folders = find_places("work").dataset_folders;
  REQUIRE(folders.size() >= 2);
  CHECK(folders[0] == scratch / "a");
  CHECK(folders[1] == scratch / "here/datasets");
}

}  // namespace
}  // namespace matcher::config
