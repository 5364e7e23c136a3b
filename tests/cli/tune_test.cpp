// matcher tune: the recipe, its limits, and the commands that make it.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/work_folder.hpp"

using Catch::Matchers::ContainsSubstring;
using nlohmann::json;

namespace {

/// A work folder, with commands on photos of 16 products.
class Work : public cli::WorkFolder {
 public:
  cli::Result tune(std::vector<std::string> more, const std::string& dataset = cli::shop_photos()) const {
    more.insert(more.begin(), {"tune", "--models", "colour-layout,gradient-layout", "--dataset", dataset});
    return (*this)(more);
  }
  json tuned(std::vector<std::string> more) const {
    more.insert(more.begin(), {"tune", "--models", "colour-layout,gradient-layout", "--dataset", cli::shop_photos()});
    return parsed(more);
  }
};

std::vector<std::string> words_of(const std::string& command) {
  std::istringstream in(command);
  std::vector<std::string> words;
  for (std::string word; in >> word;) {
    std::erase(word, '\'');
    words.push_back(word);
  }
  words.erase(words.begin());
  return words;
}

}  // namespace

TEST_CASE("tune reports on products on which nothing was chosen, and its commands make the winner") {
  const Work work;
  const auto tuned = work.tuned({"--trials", "30"});
  CHECK(tuned["schema"] == "matcher.tuning/1");
  CHECK(tuned["searched"]["products"] == 8);
  CHECK(tuned["reported"]["products"] == 8);
  CHECK(tuned["searched"]["gallery"].get<int>() + tuned["reported"]["gallery"].get<int>() == 64);
  CHECK(tuned["trials"].size() <= 30);
  const auto& rows = tuned["rows"];
  REQUIRE(rows.size() >= 2);
  CHECK(rows.back()["baseline"] == true);
  double best = 0;
  for (const auto& trial : tuned["trials"]) best = std::max(best, trial["value"].get<double>());
  CHECK(rows[0]["searched"]["top1"]["value"].get<double>() == best);
  REQUIRE(tuned["commands"].size() == 2);
  for (const auto& command : tuned["commands"]) {
    auto words = words_of(command);
    if (words[0] == "index") words.back() = work.folder().str("products");
    const auto made = work(words);
    INFO(made.err);
    CHECK(made.code == 0);
  }
}

TEST_CASE("the same number of trials gives the same result") {
  const Work work;
  CHECK(work.tuned({"--trials", "12"}) == work.tuned({"--trials", "12"}));
  CHECK(work.tuned({"--trials", "12"})["complete"] == false);
}

TEST_CASE("tune --time ends the search after the single models") {
  const Work work;
  const auto tuned = work.tuned({"--time", "0s"});
  CHECK(tuned["complete"] == false);
  CHECK_FALSE(tuned["trials"].empty());
  CHECK(tuned["trials"].size() < work.tuned({"--trials", "12"})["trials"].size());
}

TEST_CASE("limits hold for every row but the baseline") {
  const Work work;
  const auto tuned = work.tuned({"--max-dimension", "40", "--trials", "40"});
  for (const auto& row : tuned["rows"]) {
    if (row["baseline"] == false) CHECK(row["recipe"]["dimension"] <= 40);
  }
  const auto none = work.tune({"--min-speed", "1e9"});
  CHECK(none.code == 2);
  CHECK_THAT(none.err, ContainsSubstring("no recipe is within --max-dimension and --min-speed"));
}

TEST_CASE("tune writes a folder with JSON, table and page, and replaces only its own") {
  const Work work;
  const auto folder = work.folder().str("tuned");
  const auto tuned = work.tuned({"--trials", "4", "--output", folder});
  CHECK(json::parse(cli::text_of(folder + "/manifest.json")) == tuned);
  CHECK(tuned["created"].get<std::string>().ends_with("Z"));
  CHECK_FALSE(tuned["host"].get<std::string>().empty());
  CHECK(tuned["seconds"] > 0);
  CHECK_THAT(cli::text_of(folder + "/page.html"), ContainsSubstring("id=\"dimension-plot\""));
  CHECK_THAT(cli::text_of(folder + "/table.md"), ContainsSubstring("| models "));
  CHECK(work.tune({"--trials", "4", "--output", folder}).code == 0);
  cli::write(work.folder() / "own/notes.txt", "mine");
  const auto refused = work.tune({"--output", work.folder().str("own")});
  CHECK(refused.code == 2);
  CHECK_THAT(refused.err, ContainsSubstring("has files, but no tuning, so nothing was written"));
}

TEST_CASE("tune refuses what it cannot choose from, in one sentence") {
  const Work work;
  const auto refused = [&](const std::string& models) {
    const auto result = work({"tune", "--models", models, "--dataset", cli::shop_photos()});
    CHECK(result.code == 2);
    CHECK(result.out.empty());
    return result.err;
  };
  CHECK(refused("colour-layout+gradient-layout") ==
        "matcher: error: \"colour-layout+gradient-layout\" is an ensemble; tune joins models itself: list its members "
        "with commas\n");
  CHECK(refused("colour-layout@dba=3") ==
        "matcher: error: \"colour-layout@dba=3\": step dba=3 belongs to a gallery, which tune tries itself; leave it "
        "out\n");
  CHECK(refused("colour-layout,colour-layout") == "matcher: error: --models names colour-layout twice\n");
  REQUIRE(work({"adapt", "shop", "--model", "colour-layout", "--dataset", cli::shop_photos(), "--dimension", "8",
                "--shrinkage", "1"})
              .code == 0);
  CHECK(refused("shop") ==
        "matcher: error: \"shop\" is adapted already; tune learns maps itself: give its base, colour-layout\n");
}

TEST_CASE("tune needs four products with queries") {
  const Work work;
  const cli::Folder few;
  const auto drawn = cli::run({"--output", few.str("photos"), "--products", "3", "--gallery-views", "2",
                               "--query-views", "1", "--unknown", "0", "--size", "64"},
                              {}, MATCHER_DEMO_PHOTOS);
  REQUIRE(drawn.code == 0);
  const auto refused = work.tune({}, few.str("photos"));
  CHECK(refused.code == 3);
  CHECK_THAT(refused.err,
             ContainsSubstring("has 3 products with photos in the gallery and other photos as queries; tune "
                               "needs 4 or more"));
}
