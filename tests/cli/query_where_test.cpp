#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <nlohmann/json.hpp>

#include "cli/program.hpp"

using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;
using nlohmann::json;

namespace {

std::string photo(const std::string& name) { return cli::demo() + "/gallery/" + name; }

/// A CSV with two categories: p0001 to p0006 are tea, the others coffee.
void write_catalogue(const cli::fs::path& file) {
  std::string rows = "path,label,category\n";
  for (int product = 1; product <= 12; ++product) {
    const auto label = std::string(product < 10 ? "p000" : "p00") + std::to_string(product);
    for (const char* view : {"1", "2"})
      rows += photo(label + "/" + view + ".jpg") + "," + label + "," + (product <= 6 ? "tea" : "coffee") + "\n";
  }
  cli::write(file, rows);
}

}  // namespace

TEST_CASE("query answers with the items that --where names, in every type of index") {
  const cli::Folder work;
  write_catalogue(work / "photos.csv");
  for (const char* type : {"flat", "hnsw"}) {
    const auto built = cli::run(work, {"index", "--model", "colour-layout", "--dataset", work.str("photos.csv"),
                                       "--output", work.str("shelf"), "--type", type});
    INFO(built.err);
    REQUIRE(built.code == 0);
    const auto labels = [&](std::vector<std::string> where) {
      where.insert(where.begin(),
                   {"query", "--index", work.str("shelf"), "--format", "json", "--top-k", "3", photo("p0001/1.jpg")});
      const auto result = cli::run(work, where);
      INFO(result.err);
      CHECK(result.code == 0);
      std::vector<std::string> found;
      const auto document = json::parse(result.out);
      for (const auto& answer : document["queries"][0]["answers"]) found.push_back(answer["label"]);
      return found;
    };
    CHECK(labels({"--where", "category=tea"}).at(0) == "p0001");
    for (const auto& label : labels({"--where", "category=coffee"})) CHECK(label >= "p0007");
    CHECK(labels({"--where", "category=coffee"}).size() == 3);
    CHECK(labels({"--where", "label=p0003"}) == std::vector<std::string>{"p0003"});
    CHECK(labels({"--where", "label=p0003", "--where", "label=p0009", "--where", "category=coffee"}) ==
          std::vector<std::string>{"p0009"});
  }
}

TEST_CASE("query names the columns and values that --where may have") {
  const cli::Folder work;
  write_catalogue(work / "photos.csv");
  const auto shelf = work.str("shelf");
  REQUIRE(cli::run(work, {"index", "--model", "colour-layout", "--dataset", work.str("photos.csv"), "--output", shelf})
              .code == 0);
  const auto query = [&](const std::string& where) {
    const auto result = cli::run(work, {"query", "--index", shelf, "--where", where, photo("p0001/1.jpg")});
    CHECK(result.code == (where == "label=p0003" ? 0 : 2));
    return result.err;
  };
  CHECK(query("brand=x") == "matcher: error: --where: the items of index \"" + shelf +
                                "\" have no column \"brand\". Their columns: id, label, path, category, role. A column "
                                "that the dataset has now is there after the index is built again\n");
  CHECK(query("category=te") ==
        "matcher: error: --where: no item of index \"" + shelf + "\" has the category \"te\". Did you mean \"tea\"?\n");
  CHECK(query("tea") == "matcher: error: --where must be COLUMN=VALUE, such as category=Apple, not \"tea\"\n");
  CHECK_THAT(query("label=p0003"), EndsWith("--top-k 5 is more than the 1 products that --where keeps; all are "
                                            "returned\n"));
}

TEST_CASE("the word after the value of --text or --where is a photo") {
  const cli::Folder work;
  write_catalogue(work / "photos.csv");
  const auto shelf = work.str("shelf");
  REQUIRE(cli::run(work, {"index", "--model", "colour-layout", "--dataset", work.str("photos.csv"), "--output", shelf})
              .code == 0);
  const auto text = cli::run(work, {"query", "--index", shelf, "--text", "tea", ""});
  CHECK(text.code == 2);
  CHECK_THAT(text.err, StartsWith("matcher: error: --text needs an index of a model that takes texts"));
  const auto where = cli::run(work, {"query", "--index", shelf, "--where", "category=tea", "none.jpg"});
  CHECK(where.code == 3);
  CHECK(where.err == "matcher: error: cannot open \"none.jpg\": No such file or directory. Correct the path\n");
}
