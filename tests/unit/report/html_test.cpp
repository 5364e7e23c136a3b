#include "matcher/report/html.hpp"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include "unit/report/example.hpp"

using namespace matcher::report;
using json = nlohmann::ordered_json;

namespace {

Page page() {
  Page p;
  p.title = "a against b";
  Row baseline{example_report("a", 0.5), {}, "old", {}};
  Row better{example_report("b", 0.75), {{"top1", {0.25, 0.125, 0.5, 0.01, 0.02, 0.5, "mcnemar"}}}, "new", {}};
  better.report.speed.images_per_second = 99;
  set_breakdown(baseline.report, {{{"7", 2, 3, {0.5, 0.1, 0.9}, 0, 0}}, {}, {{"7", "8", 1, 2}}}, {{"7", "Tea"}});
  set_breakdown(better.report, {{{"9", 2, 3, {1, 0.5, 1}, 0, 0}}, {}, {}}, {{"9", "Soap"}});
  p.comparison = {"a", {baseline, better}};
  p.failures = {{"b", Outcome::broken, {"q", "tea", "q text", 0}, Photo{"i", "soap", "", -1}, std::nullopt}};
  p.thumbnails = {"data:image/jpeg;base64,AAAA"};
  return p;
}

/// The JSON between the tags of the page's data.
std::string data_text(const std::string& html) {
  const std::string open = R"(<script type="application/json" id="data">)";
  const auto start = html.find(open) + open.size();
  return html.substr(start, html.find("</script>", start) - start);
}

json data_of(const Page& p) { return json::parse(data_text(to_html(p))); }

}  // namespace

TEST_CASE("the page has its data in one script, and nothing left to fill in") {
  const auto html = to_html(page());
  CHECK(html.starts_with("<!doctype html>"));
  CHECK(html.find("@DATA@") == std::string::npos);
  const auto data = data_of(page());
  CHECK(data["title"] == "a against b");
  CHECK(data["dataset"]["queries"] == 2);
  CHECK(data["depth"] == 100);
  CHECK(data["thumbnails"][0] == "data:image/jpeg;base64,AAAA");
}

TEST_CASE("no text of the data ends its script or starts another") {
  auto p = page();
  p.title = "</script><script>alert(1)</script><!--";
  p.failures[0].query.text = "<img src=x onerror=alert(1)>";
  const auto html = to_html(p);
  CHECK(data_text(html).find('<') == std::string::npos);
  CHECK(data_of(p)["title"] == p.title);
  CHECK(data_of(p)["failures"][0]["query"]["text"] == "<img src=x onerror=alert(1)>");
  const auto count = [](const std::string& text, const std::string& part) {
    int n = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
    return n;
  };
  CHECK(count(html, "<script") == count(to_html(page()), "<script"));
}

TEST_CASE("the page may load nothing from a network") {
  CHECK(to_html(page()).find("content=\"default-src 'none';") != std::string::npos);
}

TEST_CASE("a model is named best only where it leads alone") {
  const auto models = data_of(page())["models"];
  CHECK(models[0]["best_at"].empty());
  CHECK(models[1]["best_at"] == json{"top1", "fastest"});  // a draw in MRR, and equal dimensions
  CHECK(models[0]["gain"].is_null());
  CHECK(models[1]["gain"]["top1"].dump() == R"({"value":0.25,"low":0.125,"high":0.5,"p_corrected":0.02,"shown":true})");
}

TEST_CASE("a label has an estimate per model, null where a report does not have it") {
  const auto data = data_of(page());
  CHECK(data["labels"][0]["label"] == "7");
  CHECK(data["labels"][0]["top1"][0]["value"] == 0.5);
  CHECK(data["labels"][0]["top1"][1].is_null());
  CHECK(data["labels"][1]["top1"][0].is_null());
  CHECK(data["label_names"].dump() == R"({"7":"Tea","9":"Soap"})");
  CHECK(data["confused"].dump() == R"([{"model":"a","label":"7","answered":"8","count":1}])");
}

TEST_CASE("a failure has its photos; a missing one is null") {
  CHECK(data_of(page())["failures"][0].dump() ==
        R"({"model":"b","change":"broken","query":{"id":"q","label":"tea","text":"q text","thumbnail":0},)"
        R"("answer":{"id":"i","label":"soap","text":"","thumbnail":-1},"right":null})");
}

TEST_CASE("a single run has no best model") {
  auto p = page();
  p.comparison.rows.resize(1);
  CHECK(data_of(p)["models"].size() == 1);
  CHECK(data_of(p)["models"][0]["best_at"].empty());
}

TEST_CASE("a gain has a colour only if it is shown, whatever its interval") {
  auto p = page();
  p.comparison.rows[1].gains = {{"top1", {0.25, 0.125, 0.5, 0.01, 0.06, 0.5, "mcnemar"}}};
  const auto gain = data_of(p)["models"][1]["gain"]["top1"];
  CHECK(gain["shown"] == false);
  CHECK(gain["p_corrected"] == 0.06);
  const auto html = to_html(p);
  CHECK(html.find("(gain.shown ? gain.value > 0 ? \"up\" : \"down\" : \"\")") != std::string::npos);
  CHECK(html.find("gain.low > 0") == std::string::npos);
}
