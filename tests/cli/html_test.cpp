// The page that a manager opens: one file, no network, and it draws itself.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <nlohmann/json.hpp>

#include "cli/program.hpp"

using Catch::Matchers::ContainsSubstring;
using nlohmann::json;

namespace {

cli::Result run(const cli::Folder& work, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"--workdir", work.str("w")});
  return cli::run(arguments);
}

std::string eval_page(const cli::Folder& work, const std::string& dataset) {
  const auto result = run(work, {"eval", "--model", "gradient-layout", "--dataset", dataset, "--format", "html"});
  INFO(result.err);
  REQUIRE(result.code == 0);
  return result.out;
}

std::string compare_page(const cli::Folder& work) {
  const auto result =
      run(work, {"compare", "--models", "colour-layout,gradient-layout", "--dataset", cli::demo(), "--format", "html"});
  INFO(result.err);
  REQUIRE(result.code == 0);
  return result.out;
}

json data_of(const std::string& page) {
  const std::string mark = "<script type=\"application/json\" id=\"data\">";
  const auto start = page.find(mark) + mark.size();
  return json::parse(page.substr(start, page.find("</script>", start) - start));
}

/// The page after its scripts have run, in a window of `width` pixels; "" where there is no Chromium.
std::string drawn(const cli::Folder& work, const std::string& page, int width) {
  const cli::fs::path chromium = "/usr/bin/chromium";
  if (!cli::fs::exists(chromium)) return {};
  cli::write(work / "page.html", page);
  return cli::run({"--headless", "--no-sandbox", "--disable-gpu", "--window-size=" + std::to_string(width) + ",900",
                   "--user-data-dir=" + work.str("browser"), "--dump-dom", "file://" + work.str("page.html")},
                  {}, chromium)
      .out;
}

}  // namespace

TEST_CASE("a page holds the run, its failures with photos, and nothing of the network") {
  const cli::Folder work;
  const auto page = eval_page(work, cli::demo());
  const auto data = data_of(page);
  REQUIRE(data["models"].size() == 1);
  CHECK(data["models"][0]["name"] == "gradient-layout");
  CHECK(data["models"][0]["gain"].is_null());
  REQUIRE(!data["failures"].empty());
  const auto& failure = data["failures"][0];
  CHECK(failure["query"]["label"] != failure["answer"]["label"]);
  CHECK(failure["query"]["label"] == failure["right"]["label"]);
  const int thumbnail = failure["right"]["thumbnail"];
  REQUIRE(thumbnail >= 0);
  CHECK_THAT(data["thumbnails"][std::size_t(thumbnail)].get<std::string>(),
             ContainsSubstring("data:image/jpeg;base64,/9j/"));
  CHECK(page.find("src=\"http") == std::string::npos);
  CHECK(page.find("href=") == std::string::npos);
  CHECK(page.find("fetch(") == std::string::npos);
}

TEST_CASE("a page of two models tells what is newly broken and fixed, and what each is best at") {
  const cli::Folder work;
  const auto data = data_of(compare_page(work));
  REQUIRE(data["models"].size() == 2);
  CHECK(data["models"][0]["gain"].is_null());
  CHECK(data["models"][1]["gain"].contains("top1"));
  std::size_t changed = 0;
  for (const auto& failure : data["failures"]) {
    if (failure["change"] != "") ++changed;
    if (failure["change"] != "") CHECK(failure["model"] == "gradient-layout");
    if (failure["change"] == "fixed") CHECK(failure["query"]["label"] == failure["answer"]["label"]);
    if (failure["change"] == "broken") CHECK(failure["query"]["label"] != failure["answer"]["label"]);
  }
  CHECK(changed > 0);
  CHECK(data["models"][1]["best_at"].is_array());
}

TEST_CASE("curves of views are drawn in the page, those of other data are refused") {
  const cli::Folder work;
  const auto views = [&](const std::string& dataset, const std::string& file) {
    return run(work, {"views", "--model", "colour-layout", "--dataset", dataset, "--counts", "1,2", "--repeats", "3",
                      "--format", "json", "--write-to", work.str(file)});
  };
  REQUIRE(views(cli::demo(), "views.json").code == 0);
  const std::vector<std::string> page{"eval", "--model", "colour-layout", "--dataset", cli::demo(), "--format", "html"};
  auto with_views = page;
  with_views.insert(with_views.end(), {"--views", work.str("views.json")});
  const auto drawn_views = run(work, with_views);
  INFO(drawn_views.err);
  REQUIRE(drawn_views.code == 0);
  const auto curve = data_of(drawn_views.out)["views"].at(0);
  CHECK(curve["name"] == "colour-layout top1, best of gallery photos");
  const auto rows = json::parse(cli::text_of(work / "views.json"))["rows"];
  REQUIRE(curve["points"].size() == 2);
  for (std::size_t i = 0; i < 2; ++i) {
    const auto& top1 = rows[i]["metrics"]["top1"];
    CHECK(curve["points"][i] == json{rows[i]["views"], top1["value"], top1["low"], top1["high"]});
  }
  const auto document = drawn(work, drawn_views.out, 1200);
  if (!document.empty()) CHECK(document.find("Accuracy by number of views") != std::string::npos);

  cli::write(work / "items.csv", "path,label,split\n" + cli::demo() + "/gallery/p0001/1.jpg,a,gallery\n" + cli::demo() +
                                     "/queries/p0001/1.jpg,a,queries\n");
  REQUIRE(views(work.str("items.csv"), "other.json").code == 0);
  auto with_others = page;
  with_others.insert(with_others.end(), {"--views", work.str("other.json")});
  const auto refused = run(work, with_others);
  CHECK(refused.code == 4);
  CHECK(refused.out.empty());
  CHECK_THAT(refused.err, ContainsSubstring("the curve " + work.str("other.json") + " is of \"items\" (data "));
  auto with_none = page;
  with_none.insert(with_none.end(), {"--views", "nowhere.json", "--output", work.str("none")});
  const auto none = run(work, with_none);
  CHECK(none.code == 3);
  CHECK(none.err ==
        "matcher: error: --views nowhere.json does not exist; make it with: matcher views --model M --dataset D "
        "--format json --write-to nowhere.json\n");
  CHECK_FALSE(cli::fs::exists(work / "none"));
  with_views[6] = "json";
  const auto without_page = run(work, with_views);
  CHECK(without_page.code == 2);
  CHECK_THAT(without_page.err, ContainsSubstring("--views is drawn in the HTML page alone; add --format html"));
}

TEST_CASE("a label that is a script stays a text") {
  const cli::Folder work;
  const std::string evil = "</script><img src=x onerror=alert(1)>";
  std::string rows = "path,label,split\n";
  for (int product = 1; product <= 3; ++product) {
    const auto name = "p000" + std::to_string(product);
    const auto label = product == 1 ? evil : name;
    rows += cli::demo() + "/gallery/" + name + "/1.jpg,\"" + label + "\",gallery\n";
    rows += cli::demo() + "/queries/" + name + "/1.jpg,\"" + (product == 2 ? evil : label) + "\",queries\n";
  }
  cli::write(work / "items.csv", rows);
  const auto page = eval_page(work, work.str("items.csv"));
  CHECK(page.find("<img src=x") == std::string::npos);
  CHECK(data_of(page).dump().find("onerror") != std::string::npos);
}

TEST_CASE("a page draws itself in a browser, on a phone and on a desk") {
  const cli::Folder work;
  const auto page = compare_page(work);
  for (const int width : {390, 1200}) {
    const auto document = drawn(work, page, width);
    if (document.empty()) SKIP("there is no /usr/bin/chromium to open the page in");
    for (const auto* part : {"id=\"comparison\"", "id=\"bars\"", "id=\"labels\"", "id=\"confused\"", "id=\"failures\"",
                             "<img src=\"data:", "newly broken", "Speed against accuracy"}) {
      INFO(width << ": " << part);
      CHECK(document.find(part) != std::string::npos);
    }
  }
}
