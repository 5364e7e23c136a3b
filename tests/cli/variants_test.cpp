// Variants of a model, NAME@flip@dba=5: in every command that has a use for them.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/work_folder.hpp"

using Catch::Matchers::ContainsSubstring;
using nlohmann::json;

namespace {

/// A work folder, with commands on the demo dataset.
class Work : public cli::WorkFolder {
 public:
  json eval(const std::string& model, std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"eval", "--model", model, "--dataset", cli::demo()});
    return parsed(more);
  }
  void index(const std::string& model, std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"index", "--model", model, "--dataset", cli::demo(), "--output", folder().str("index")});
    const auto result = (*this)(more);
    INFO(result.err);
    REQUIRE(result.code == 0);
  }
};

json without_speed(json report) {
  for (const char* key : {"speed", "index", "losses"}) report.erase(key);
  return report;
}

std::string query_photo() {
  for (const auto& entry : cli::fs::recursive_directory_iterator(cli::demo() + "/queries")) {
    if (entry.path().extension() == ".jpg" || entry.path().extension() == ".png") return entry.path().string();
  }
  return "";
}

}  // namespace

TEST_CASE("an index of a variant answers as its evaluation without one") {
  for (const std::string model :
       {"colour-layout@flip", "colour-layout@centre", "colour-layout@whiten=12", "colour-layout@dim=16",
        "colour-layout@dba=3", "colour-layout@aqe=2", "colour-layout@rerank=10",
        "gradient-layout@flip@centre@whiten=16@dba=2@aqe=2@rerank=8", "(colour-layout+gradient-layout)@dba=3@rerank"}) {
    INFO(model);
    const Work work;
    const auto direct = work.eval(model);
    CHECK(direct["model"]["name"] == model);
    work.index(model);
    const auto indexed = work.eval(model, {"--index", work.folder().str("index")});
    CHECK(without_speed(indexed) == without_speed(direct));
  }
}

TEST_CASE("query answers as the index of the variant does in eval") {
  const Work work;
  work.index("colour-layout@centre@whiten=12@aqe=2@rerank=10");
  const auto run = work.folder().str("run");
  work.eval("colour-layout@centre@whiten=12@aqe=2@rerank=10", {"--index", work.folder().str("index"), "--output", run});
  const auto photo = query_photo();
  const auto answers =
      work.parsed({"query", "--index", work.folder().str("index"), photo, "--by", "item", "--top-k", "5"});
  std::istringstream lines(cli::text_of(run + "/queries.jsonl"));
  json found;
  for (std::string line; std::getline(lines, line);) {
    if (const auto one = json::parse(line); one.value("path", "") == photo) found = one;
  }
  REQUIRE(!found.is_null());
  for (std::size_t i = 0; i < 5; ++i) CHECK(answers["queries"][0]["answers"][i]["id"] == found["answers"][i]["id"]);
}

TEST_CASE("flip embeds each photo and its mirror image") {
  const Work work;
  cli::write(work.folder() / "w/models/small.yaml",
             "builtin: colour-layout\npreprocess: {resize: {height: 22, width: 30}}\n");
  const auto plain = work.eval("small"), flipped = work.eval("small@flip");
  CHECK(flipped["model"]["fingerprint"] != plain["model"]["fingerprint"]);
  CHECK(flipped["model"]["dimension"] == plain["model"]["dimension"]);
  CHECK(work.eval("small@flip@fast")["model"]["name"] == "small@fast@flip");
}

TEST_CASE("a query that is a gallery photo is not found by itself, whatever the steps") {
  const Work work;
  const std::vector<std::string> leave_one_out{"--dataset", cli::demo() + "/gallery", "--hold-out", "leave-one-out"};
  for (const std::string model :
       {"colour-layout", "colour-layout@dba=3", "colour-layout@aqe=2", "colour-layout@rerank"}) {
    INFO(model);
    const auto run = work.folder().str("run");
    std::vector<std::string> arguments{"eval", "--model", model, "--output", run};
    arguments.insert(arguments.end(), leave_one_out.begin(), leave_one_out.end());
    const auto report = work.parsed(arguments);
    CHECK(report["dataset"]["self_matches"] == report["dataset"]["queries"]);
    std::istringstream lines(cli::text_of(run + "/queries.jsonl"));
    for (std::string line; std::getline(lines, line);) {
      const auto query = json::parse(line);
      for (const auto& answer : query["answers"]) CHECK(answer["id"] != query["id"]);
    }
  }
}

TEST_CASE("compare shows the gain and the cost of each variant") {
  const Work work;
  const auto compared = work.parsed({"compare", "--models", "colour-layout,colour-layout@flip,colour-layout@dba=3",
                                     "--dataset", cli::demo(), "--cost"});
  REQUIRE(compared["rows"].size() == 3);
  for (const auto& row : compared["rows"]) {
    CHECK(row["cost"]["vector_bytes"] == 4 * row["model"]["dimension"].get<int>());
    if (row["model"]["name"] != "colour-layout") CHECK(row["gain"].contains("map"));
  }
}

TEST_CASE("fuse fuses the answers of variants") {
  const Work work;
  const auto fused = work.parsed({"fuse", "--models", "colour-layout@dba=3,gradient-layout", "--dataset", cli::demo()});
  CHECK(fused["exact"] == false);
  CHECK(work.parsed({"fuse", "--models", "colour-layout@flip,gradient-layout", "--dataset", cli::demo()})["exact"] ==
        true);
}

TEST_CASE("an adapted model has variants, and is learnt from those of images") {
  const Work work;
  work.parsed({"adapt", "shop", "--model", "colour-layout@flip", "--dataset", cli::demo(), "--series", "1",
               "--dimension", "8", "--shrinkage", "1"});
  CHECK(work.eval("shop@dba=3")["model"]["dimension"] == 8);
  CHECK(work.eval("shop@flip@centre")["model"]["name"] == "shop@flip@centre");
  CHECK(work.refused({"adapt", "other", "--model", "colour-layout@dba=3", "--dataset", cli::demo()}, 2) ==
        "matcher: error: \"colour-layout@dba=3\": step dba=3 belongs to a gallery, and a map is learnt before; adapt "
        "without it, and name it for the adapted model\n");
}

TEST_CASE("a variant is refused where it has no meaning, and by an index of another") {
  const Work work;
  CHECK(work.refused({"embed", "--model", "colour-layout@dba=3", "--dataset", cli::demo()}, 2) ==
        "matcher: error: \"colour-layout@dba=3\": step dba=3 belongs to a gallery, so a set of embeddings cannot have "
        "it; embed without it, and name it for index or eval\n");
  CHECK(work.refused({"eval", "--model", "colour-layout@flop", "--dataset", cli::demo()}, 2) ==
        "matcher: error: \"colour-layout@flop\": \"flop\" is not a step; did you mean flip? Steps: exact, fast, flip, "
        "centre, whiten=N, dim=N, dba=N, aqe=N, rerank[=100]\n");
  CHECK(work.refused({"views", "--model", "colour-layout@rerank", "--dataset", cli::demo()}, 2) ==
        "matcher: error: \"colour-layout@rerank\": step rerank belongs to a search, and views compares photos without "
        "one; leave it out\n");
  CHECK(work.refused(
            {"index", "--model", "colour-layout@aqe=2", "--dataset", cli::demo(), "--to", "chroma://127.0.0.1:9/shop"},
            2) ==
        "matcher: error: \"colour-layout@aqe=2\": a vector database cannot store step aqe=2: it searches by itself. "
        "Leave "
        "the step out, or use an index folder (--output)\n");
  CHECK_THAT(work.refused({"index", "--model", "colour-layout@centre", "--dataset", cli::demo(), "--to",
                           "chroma://127.0.0.1:9/shop"},
                          2),
             ContainsSubstring("cannot store step centre: queries need its map, which was learnt from the gallery. "));
  work.index("colour-layout@dba=3");
  CHECK_THAT(
      work.refused(
          {"eval", "--model", "colour-layout", "--dataset", cli::demo(), "--index", work.folder().str("index")}, 4),
      ContainsSubstring("was built by colour-layout@dba=3 ("));
  CHECK_THAT(work.refused({"eval", "--model", "colour-layout@whiten=999", "--dataset", cli::demo()}, 2),
             ContainsSubstring("whiten=999 is not possible: 24 vectors of "));
}

TEST_CASE("an index whose map was changed is refused") {
  const Work work;
  work.index("colour-layout@centre");
  const auto map = work.folder() / "index/map-1.safetensors";
  auto text = cli::text_of(map);
  text.back() = char(text.back() ^ 1);
  cli::write(map, text);
  CHECK_THAT(work.refused({"query", "--index", work.folder().str("index"), query_photo()}, 4),
             ContainsSubstring("is damaged, or belongs to another index: its hash is "));
}
