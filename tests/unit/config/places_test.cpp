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
  const Variable data("XDG_DATA_HOME", scratch / "user");
  fs::create_directories(scratch / "user/matcher/models");
  const auto places = find_places(folders_inside("work"));
  CHECK(places.own.work == "work");
  const std::vector<fs::path> expected{scratch / "here/work/models", scratch / "a", scratch / "b",
                                       scratch / "user/matcher/models", scratch / "here/configs/models"};
  REQUIRE(places.model_folders.size() >= expected.size());
  CHECK(std::equal(expected.begin(), expected.end(), places.model_folders.begin()));
}

TEST_CASE("datasets have folders of their own") {
  const Scratch scratch;
  for (const auto* folder : {"here/datasets", "a"}) fs::create_directories(scratch / folder);
  const CurrentFolder here(scratch / "here");
  const Variable variable("MATCHER_DATASETS", scratch / "a");
  const auto folders = find_places(folders_inside("work")).dataset_folders;
  REQUIRE(folders.size() >= 2);
  CHECK(folders[0] == scratch / "a");
  CHECK(folders[1] == scratch / "here/datasets");
}

/// A home folder without variables of the XDG specification.
struct Home {
  Variable home, state{"XDG_STATE_HOME", ""}, data{"XDG_DATA_HOME", "relative"}, cache{"XDG_CACHE_HOME", ""};
  explicit Home(const fs::path& folder) : home("HOME", folder) {}
};

TEST_CASE("a named work folder, or ./matcher-work, has everything inside") {
  const Scratch scratch;
  fs::create_directories(scratch / "here/matcher-work");
  const CurrentFolder here(scratch / "here");
  const Home home(scratch / "home");
  const auto named = find_work_folders("w");
  CHECK(named.work == "w");
  CHECK(named.models == "w/models");
  CHECK(named.cache == "w/cache");
  CHECK(named.origin.empty());
  const auto found = find_work_folders("");
  CHECK(found.work == "matcher-work");
  CHECK(found.known_models == "matcher-work/known-models");
  CHECK(found.origin == "./matcher-work exists");
}

TEST_CASE("without a work folder the user's folders are used") {
  const Scratch scratch;
  fs::create_directories(scratch / "shop");
  fs::create_directories(scratch / "other/shop");
  const CurrentFolder here(scratch / "shop");
  const Home home(scratch / "home");
  const auto found = find_work_folders("");
  CHECK(found.work.parent_path() == scratch / "home/.local/state/matcher/work");
  CHECK(found.work.filename().string().starts_with("shop-"));
  CHECK(found.models == scratch / "home/.local/share/matcher/models");
  CHECK(found.cache == scratch / "home/.cache/matcher/vectors");
  CHECK(found.known_models == scratch / "home/.cache/matcher/known-models");
  CHECK(found.origin == "default");
  const Variable state("XDG_STATE_HOME", scratch / "state");
  CHECK(find_work_folders("").origin == "$XDG_STATE_HOME");
  CHECK(find_work_folders("").work == scratch / "state/matcher/work" / found.work.filename());
  const CurrentFolder there(scratch / "other/shop");
  CHECK(find_work_folders("").work.filename() != found.work.filename());
}

TEST_CASE("without a usable home folder the work folder is in the current folder") {
  const Scratch scratch;
  fs::create_directories(scratch / "shop");
  const CurrentFolder here(scratch / "shop");
  {
    const Home none("");
    const auto found = find_work_folders("");
    CHECK(found.work == "matcher-work");
    CHECK(found.origin == "$HOME is not set");
  }
  std::ofstream(scratch / "file") << "x";
  const Home file(scratch / "file");
  const auto found = find_work_folders("");
  CHECK(found.cache == "matcher-work/cache");
  CHECK(found.origin == (scratch / "file/.local/state/matcher is not writable").string());
}

}  // namespace
}  // namespace matcher::config
