#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <nlohmann/json.hpp>

#include "cli/program.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::Equals;
using nlohmann::json;

namespace {

std::string fixture(const std::string& name) { return (cli::fs::path(MATCHER_TEST_DATA) / "model" / name).string(); }

/// A work folder with the model "words", which takes texts, and an index of the demo's gallery by it.
class Shop {
 public:
  Shop() {
    made(run({"export", "words", "--checkpoint", fixture("clip-words")}));
    made(run({"index", "--model", "words", "--dataset", cli::demo(), "--output", folder.str("shelf")}));
  }

  cli::Result run(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"--workdir", folder.str("w")});
    return cli::run(arguments);
  }

  const cli::Folder folder;

 private:
  static void made(const cli::Result& result) {
    INFO(result.err);
    REQUIRE(result.code == 0);
  }
};

}  // namespace

TEST_CASE("words and photos are looked up in one index") {
  const Shop shop;
  const auto photo = cli::demo() + "/gallery/p0001/1.jpg";
  const auto result = shop.run({"query", "--index", shop.folder.str("shelf"), "--text", "red apple", "--text",
                                "oat milk", "--format", "json", "--top-k", "3", photo});
  INFO(result.err);
  REQUIRE(result.code == 0);
  const auto queries = json::parse(result.out).at("queries");
  REQUIRE(queries.size() == 3);
  CHECK(queries[0]["kind"] == "image");
  CHECK(queries[0]["answers"][0]["label"] == "p0001");
  CHECK(queries[1]["kind"] == "text");
  CHECK(queries[1]["query"] == "red apple");
  CHECK(queries[1]["answers"].size() == 3);
  CHECK(queries[1]["answers"] != queries[2]["answers"]);
}

TEST_CASE("the golden sample of a model that takes texts is a picture and a text") {
  const Shop shop;
  const auto result = shop.run({"verify", "words", "--format", "json"});
  REQUIRE(result.code == 0);
  CHECK(json::parse(result.out)["samples"] == 2);
}

TEST_CASE("a text for a model of pictures is refused before anything is looked up") {
  const cli::Folder work;
  const auto run = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"--workdir", work.str("w")});
    return cli::run(arguments);
  };
  REQUIRE(run({"index", "--model", "colour-layout", "--dataset", cli::demo(), "--output", work.str("shelf")}).code ==
          0);
  const auto words = run({"query", "--index", work.str("shelf"), "--text", "red apple"});
  CHECK(words.code == 2);
  CHECK(words.out.empty());
  CHECK_THAT(
      words.err,
      Equals("matcher: error: --text needs an index of a model that takes texts, but \"" + work.str("shelf") +
             "\" was built by colour-layout, which takes images only; index with a CLIP or SigLIP model "
             "that was exported with its vocabulary (tokenizer.json, spiece.model, or vocab.json with merges.txt) in "
             "the folder of its checkpoint\n"));
  const auto nothing = run({"query", "--index", work.str("shelf")});
  CHECK(nothing.code == 2);
  CHECK_THAT(
      nothing.err,
      Equals(
          "matcher: error: no query was given: give images, a list of them with --files-from, or words with --text\n"));
}

TEST_CASE("queries with a text column are looked up by their words") {
  const Shop shop;
  std::string rows = "path,label,split,text\n";
  for (int product = 1; product <= 4; ++product) {
    const auto name = "p000" + std::to_string(product);
    rows += cli::demo() + "/gallery/" + name + "/1.jpg," + name + ",gallery,\n";
    rows += cli::demo() + "/queries/" + name + "/1.jpg," + name + ",queries,a photo of " + name + "\n";
  }
  rows += ",p0001,queries,red apple\n";
  cli::write(shop.folder / "items.csv", rows);
  const std::vector<std::string> eval{"eval",     "--model", "words", "--dataset", shop.folder.str("items.csv"),
                                      "--format", "json"};
  const auto mixed = shop.run(eval);
  INFO(mixed.err);
  REQUIRE(mixed.code == 0);
  CHECK(json::parse(mixed.out)["dataset"]["queries"] == 5);
  CHECK(json::parse(mixed.out)["dataset"]["query_failures"] == 0);

  auto by_text = eval;
  by_text.insert(by_text.end(), {"--query-by", "text", "--output", shop.folder.str("run")});
  const auto words = shop.run(by_text);
  INFO(words.err);
  REQUIRE(words.code == 0);
  CHECK(json::parse(words.out)["dataset"]["name"] == "items by text");
  const auto lines = cli::text_of(shop.folder / "run" / "queries.jsonl");
  CHECK_THAT(lines, ContainsSubstring("\"text\":\"a photo of p0001\""));

  by_text[2] = "colour-layout";
  const auto refused = shop.run(by_text);
  CHECK(refused.code == 2);
  CHECK_THAT(refused.err,
             ContainsSubstring("the 5 items to embed are texts, but model \\\"colour-layout\\\" takes images only"));

  cli::write(shop.folder / "items.csv", rows + cli::demo() + "/queries/p0002/2.jpg,p0002,queries,\n");
  const auto missing = shop.run(by_text);
  CHECK(missing.code == 3);
  CHECK_THAT(
      missing.err,
      ContainsSubstring("p0002/2.jpg\\\" of dataset \\\"items\\\" has no text to look up; fill in its text column, or "
                        "leave --query-by text out"));
}

TEST_CASE("a map of photos warns when the queries are texts") {
  const Shop shop;
  std::string rows = "path,label,split,text\n";
  for (int product = 1; product <= 4; ++product) {
    const auto name = "p000" + std::to_string(product);
    for (const std::string photo : {"1.jpg", "2.jpg"})
      rows += cli::demo() + "/gallery/" + name + "/" + photo + "," + name + ",gallery,\n";
    rows += "," + name + ",queries,a photo of " + name + "\n";
  }
  cli::write(shop.folder / "items.csv", rows);
  const auto dataset = shop.folder.str("items.csv");
  const auto adapted =
      shop.run({"adapt", "map", "--model", "words", "--dataset", dataset, "--dimension", "4", "--format", "json"});
  INFO(adapted.err);
  REQUIRE(adapted.code == 0);
  CHECK_THAT(adapted.err,
             ContainsSubstring("warning: 4 of the 4 queries of \"items\" are texts, but the map is learnt on "
                               "photos: texts may be found worse than by the base. The row \"the dataset's "
                               "own queries\" measures it\n"));
  const auto rows_of_map = json::parse(adapted.out).at("rows");
  CHECK(rows_of_map.back()["protocol"] == "queries");
  CHECK(rows_of_map.back()["queries"] == 4);

  const std::string warning =
      "warning: the map of map was learnt on photos, and texts may be found worse than by its base. Measure it: "
      "matcher "
      "compare --models words,map --query-by text --dataset D\n";
  CHECK_THAT(shop.run({"eval", "--model", "map", "--dataset", dataset}).err, ContainsSubstring(warning));
  CHECK_THAT(shop.run({"compare", "--models", "words,map", "--query-by", "text", "--dataset", dataset}).err,
             ContainsSubstring(warning));
  REQUIRE(shop.run({"index", "--model", "map", "--dataset", dataset, "--output", shop.folder.str("mapped")}).code == 0);
  const auto index = shop.folder.str("mapped");
  CHECK_THAT(shop.run({"query", "--index", index, "--text", "red apple"}).err, ContainsSubstring(warning));
  const auto photo = cli::demo() + "/gallery/p0001/1.jpg";
  CHECK(shop.run({"query", "--index", index, photo}).err.find("texts may be found") == std::string::npos);
}
