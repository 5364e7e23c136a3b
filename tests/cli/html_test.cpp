// The page that a manager opens: one file, without network or scripts.
#include <fmt/format.h>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "cli/program.hpp"

using Catch::Matchers::ContainsSubstring;
using nlohmann::json;

namespace {

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

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
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
  CHECK_THAT(page, ContainsSubstring("<h1>gradient-layout finds the correct product first for "));
  CHECK_THAT(page, ContainsSubstring("<section aria-labelledby=\"photos\">"));
  CHECK_THAT(page, ContainsSubstring("<img src=\"data:image/jpeg;base64,/9j/"));
  CHECK(count(page, "<article") > 2);
  CHECK(count(page, "<article") <= 120);
  CHECK(count(page, "http") == count(page, "http-equiv"));
  CHECK(page.find("fetch(") == std::string::npos);
}

TEST_CASE("a page of two models agrees with their comparison in JSON") {
  const cli::Folder work;
  const auto page = compare_page(work);
  const auto result =
      run(work, {"compare", "--models", "colour-layout,gradient-layout", "--dataset", cli::demo(), "--format", "json"});
  const auto comparison = json::parse(result.out);
  const auto& verdict = comparison["verdict"];
  CHECK_THAT(page, ContainsSubstring("<h1>" + verdict["best"]["model"].get<std::string>() + " finds"));
  CHECK(count(page, "<li class=\"up\">") == verdict["worse"].size());
  CHECK(count(page, "<li class=\"same\">") == verdict["not_shown_to_differ"].size());
  const auto& gain = comparison["rows"][1]["gain"]["top1"];
  const std::string colour = !gain["shown"] ? "number" : gain["value"] > 0 ? "number up" : "number down";
  CHECK_THAT(page, ContainsSubstring("<td class=\"" + colour + "\" data-value=\"" + gain["value"].dump() + "\">"));
  const auto first = page.find("data-change=\"");
  CHECK(page.compare(first, 20, "data-change=\"broken\"") == 0);
  CHECK(page.find("data-change=\"fixed\"") > page.rfind("data-change=\"broken\""));
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
  CHECK_THAT(drawn_views.out, ContainsSubstring("colour-layout top1, best of gallery photos"));
  const auto rows = json::parse(cli::text_of(work / "views.json"))["rows"];
  const auto height = [&](int row) { return 100 - 100 * rows[row]["metrics"]["top1"]["value"].get<double>(); };
  CHECK_THAT(drawn_views.out,
             ContainsSubstring(fmt::format("points=\"0.00,{:.2f} 100.00,{:.2f} \"", height(0), height(1))));

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

TEST_CASE("fuse has a page of the ensemble, and refuses curves that it cannot draw") {
  const cli::Folder work;
  const std::vector<std::string> fuse{"fuse", "--models", "colour-layout,gradient-layout", "--dataset", cli::demo()};
  auto as_page = fuse;
  as_page.insert(as_page.end(), {"--format", "html", "--write-to", work.str("fuse.html")});
  const auto result = run(work, as_page);
  INFO(result.err);
  REQUIRE(result.code == 0);
  CHECK(result.out.empty());
  CHECK_THAT(result.err, ContainsSubstring("matcher: report: " + work.str("fuse.html") + " ("));
  const auto page = cli::text_of(work / "fuse.html");
  CHECK_THAT(page, ContainsSubstring("top-1 gain of the ensemble, points"));
  CHECK(count(page, "<article") > 2);
  auto with_views = as_page, without_page = fuse;
  with_views.insert(with_views.end(), {"--views", "nowhere.json"});
  CHECK(run(work, with_views).code == 3);
  CHECK_THAT(run(work, with_views).err, ContainsSubstring("--views nowhere.json does not exist"));
  without_page.insert(without_page.end(), {"--views", "nowhere.json"});
  CHECK(run(work, without_page).code == 2);
}

TEST_CASE("views, threshold and query have a page") {
  const cli::Folder work;
  const auto index = work.str("shelf");
  REQUIRE(run(work, {"index", "--model", "colour-layout", "--dataset", cli::demo(), "--output", index}).code == 0);
  const auto page = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--format", "html"});
    const auto result = run(work, arguments);
    INFO(result.err);
    REQUIRE(result.code == 0);
    return result.out;
  };
  CHECK_THAT(
      page({"views", "--model", "colour-layout", "--dataset", cli::demo(), "--counts", "1,2"}),
      ContainsSubstring("<h1>With 2 photos of each product, colour-layout finds the correct product first for "));
  CHECK_THAT(page({"threshold", "--index", index, "--dataset", cli::demo(), "--false-alarms", "0.2", "--dry-run"}),
             ContainsSubstring("<h1>With a threshold of "));
  const auto answers = page({"query", "--index", index, "--top-k", "3", cli::demo() + "/gallery/p0001/1.jpg"});
  CHECK_THAT(answers, ContainsSubstring(": p0001</h1>") && ContainsSubstring("<b>answer 1</b> p0001"));
  CHECK(count(answers, "<img src=\"data:image/jpeg;base64,/9j/") == 4);
}

TEST_CASE("a page is not printed on a terminal, before any work is done") {
  const cli::fs::path terminal = "/usr/bin/script";
  if (!cli::fs::exists(terminal)) SKIP("there is no /usr/bin/script to make a terminal");
  const cli::Folder work;
  const auto command = std::string(MATCHER_BINARY) + " --workdir " + work.str("w") +
                       " eval --model colour-layout --dataset " + cli::demo() + " --format html";
  const auto result = cli::run({"-qec", command, "/dev/null"}, {}, terminal);
  CHECK(result.code == 2);
  CHECK(result.out ==
        "matcher: error: --format html is not printed on a terminal. Write it to a file: --write-to page.html\r\n");
  CHECK_FALSE(cli::fs::exists(work / "w" / "embeddings"));
}

TEST_CASE("the flag --open starts the browser with the page, and is refused before any work") {
  const cli::Folder work;
  cli::fs::create_directory(work / "bin");
  const auto opener = work / "bin" / "xdg-open";
  cli::write(opener, "#!/bin/sh\necho \"$1\" > '" + work.str("new") + "' && mv '" + work.str("new") + "' '" +
                         work.str("opened") + "'\n");
  cli::fs::permissions(opener, cli::fs::perms::owner_all);
  const auto eval = [&](const std::string& path, std::vector<std::string> more) {
    more.insert(more.begin(),
                {"--workdir", work.str("w"), "eval", "--model", "colour-layout", "--dataset", cli::demo(), "--open"});
    return cli::run(more, {"PATH=" + path});
  };
  const std::vector<std::string> page{"--format", "html", "--write-to", work.str("page.html")};
  const auto without_file = eval(work.str("bin"), {"--format", "html"});
  CHECK(without_file.code == 2);
  CHECK(without_file.err ==
        "matcher: error: --open shows a page that is a file. Add --format html --write-to page.html\n");
  const auto without_browser = eval(work.str("w"), page);
  CHECK(without_browser.code == 5);
  CHECK(without_browser.err ==
        "matcher: error: --open needs xdg-open, which is not in $PATH. Install xdg-utils, or leave --open out and open "
        "\"" +
            work.str("page.html") + "\" in a browser yourself\n");
  CHECK_FALSE(cli::fs::exists(work / "w"));
  const auto opened = eval(work.str("bin") + ":/usr/bin:/bin", page);
  INFO(opened.err);
  CHECK(opened.code == 0);
  for (int tries = 0; tries < 1000 && !cli::fs::exists(work / "opened"); ++tries)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  CHECK(cli::text_of(work / "opened") == work.str("page.html") + "\n");
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
  CHECK_THAT(page, ContainsSubstring("&lt;img src=x onerror=alert(1)&gt;"));
}

TEST_CASE("a photo is enlarged by keyboard, products are found, and two models compared") {
  const cli::Folder work;
  const auto page = compare_page(work) + R"(<script>
    const image = document.querySelector(".photos img");
    image.focus();
    document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {key: "Enter", bubbles: true}));
    document.title = "enlarged " + (dialog.open && dialog.querySelector("img").src === image.src);
    dialog.close();
    search.value = "delju berry";
    search.dispatchEvent(new Event("input"));
    const rows = [...products.tBodies[0].rows].filter(row => !row.hidden);
    document.title += ", found " + rows.length + " " + rows[0].cells[0].textContent;
    b.value = a.value;
    b.dispatchEvent(new Event("change"));
    document.title += ", difference " + rows[0].cells[rows[0].cells.length - 1].lastChild.textContent;
  </script>)";
  const auto document = drawn(work, page, 1200);
  if (document.empty()) SKIP("there is no /usr/bin/chromium to open the page in");
  CHECK_THAT(document, ContainsSubstring("<title>enlarged true, found 1 DELJU BERRY LENTILS, difference 0</title>"));
}

TEST_CASE("scripts of a page run in a browser, on a phone and on a desk") {
  const cli::Folder work;
  const auto page = compare_page(work);
  for (const int width : {390, 1200}) {
    const auto document = drawn(work, page, width);
    if (document.empty()) SKIP("there is no /usr/bin/chromium to open the page in");
    INFO(width);
    CHECK_THAT(document, ContainsSubstring("<html lang=\"en\" class=\"js\">"));
    CHECK_THAT(document, ContainsSubstring("<button>model</button>"));
    CHECK_THAT(document, !ContainsSubstring("class=\"controls\" hidden"));
  }
}
