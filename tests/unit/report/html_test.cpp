#include "matcher/report/html.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "matcher/report/escape.hpp"
#include "matcher/report/tables/cells.hpp"
#include "unit/report/example.hpp"

using namespace matcher::report;
using Catch::Matchers::ContainsSubstring;

namespace {

const matcher::eval::Gain gain_of_b{0.25, 0.125, 0.5, 0.01, 0.02, 0.5, "mcnemar"};

/// A baseline "a" and a better model "b", a failure of each kind.
Page page(matcher::eval::Gain gain = gain_of_b) {
  Page p;
  p.title = "a against b";
  Row baseline{example_report("a", 0.5), {}, "old", {}};
  Row better{example_report("b", 0.75), {{"top1", gain}}, "new", {}};
  baseline.report.speed.trial = example_trial(12);
  better.report.speed.trial = example_trial(99);
  set_breakdown(baseline.report, {{{"7", 2, 3, {0.5, 0.1, 0.9}, 0, 0}}, {}, {{"7", "8", 2, 2}}}, {{"7", "Tea"}});
  set_breakdown(better.report, {{{"7", 2, 3, {1, 0.5, 1}, 0, 0}, {"9", 2, 3, {1, 0.5, 1}, 0, 0}}, {}, {}},
                {{"9", "Soap"}});
  p.comparison = {"a", {baseline, better}};
  const Contender best{"b", "new", {0.75, 0.5, 0.9}}, other{"a", "old", {0.5, 0.1, 0.9}, gain};
  p.comparison.verdict = ModelVerdict{"top1", best, {}, {}};
  (is_shown(gain) ? p.comparison.verdict->worse : p.comparison.verdict->not_shown_to_differ).push_back(other);
  p.failures = {{"b", Outcome::broken, {"q", "7", "", 0}, Photo{"i", "9", "", -1, "score 0.500"}, std::nullopt},
                {"b", Outcome::same, {"r", "9", "soap in a box", -1}, std::nullopt, Photo{"j", "9", "", 0}}};
  p.thumbnails = {"data:image/jpeg;base64,AAAA"};
  return p;
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

/// The page's section with this id; "" if it has none.
std::string section_of(const std::string& html, const std::string& id) {
  const auto start = html.find("<section aria-labelledby=\"" + id + "\"");
  return start == std::string::npos ? "" : html.substr(start, html.find("</section>", start) - start);
}

}  // namespace

TEST_CASE("a page needs no script and no network, and leaves nothing to fill in") {
  const auto html = to_html(page());
  CHECK(html.starts_with("<!doctype html>"));
  CHECK_THAT(html, !ContainsSubstring("@BODY@") && !ContainsSubstring("@TITLE@"));
  CHECK_THAT(html, ContainsSubstring("content=\"default-src 'none';"));
  CHECK(html.find("<script") > html.find("</main>"));
  CHECK(html.find("http") == html.find("http-equiv"));
  CHECK(count(html, "http") == 1);
}

TEST_CASE("a page begins with the verdict") {
  const auto html = to_html(page());
  CHECK_THAT(html, ContainsSubstring("<h1>b finds the correct product first for 75 of 100 photos</h1>"));
  CHECK_THAT(html, ContainsSubstring("<li class=\"up\">better than a: top-1 " + shown_gain("top1", gain_of_b)));
  auto single = page();
  single.comparison.rows.resize(1);
  single.comparison.verdict.reset();
  CHECK_THAT(to_html(single), ContainsSubstring("<h1>a finds the correct product first for 50 of 100 photos</h1>"));
}

TEST_CASE("colour and words of a gain follow `shown`, whatever the interval says") {
  auto gain = gain_of_b;
  CHECK_THAT(section_of(to_html(page()), "models"), ContainsSubstring("<td class=\"number up\" data-value=\"0.25\">"));
  gain.p_corrected = 0.2;
  const auto html = to_html(page(gain));
  CHECK_THAT(section_of(html, "models"), ContainsSubstring("<td class=\"number\" data-value=\"0.25\">"));
  CHECK_THAT(section_of(html, "models"), ContainsSubstring("no difference shown"));
  CHECK_THAT(section_of(html, "models"), ContainsSubstring("not shown to differ from the best"));
  CHECK_THAT(html, ContainsSubstring("<li class=\"same\">not shown to differ from a (50.0 %)</li>"));
  CHECK_THAT(html, !ContainsSubstring("class=\"up\""));
  gain = {-0.25, -0.5, -0.125, 0.01, 0.02, 0.5, "mcnemar"};
  CHECK_THAT(section_of(to_html(page(gain)), "models"), ContainsSubstring("number down"));
}

TEST_CASE("models stand from best to worst, with the numbers of the tables") {
  const auto models = section_of(to_html(page()), "models");
  CHECK(models.find("<span class=\"name\">b</span>") < models.find("<span class=\"name\">a</span>"));
  CHECK_THAT(models, ContainsSubstring(shown_with_interval("top1", {0.75, 0.1, 0.9})));
  CHECK_THAT(models, ContainsSubstring("top-1 gain over a, points"));
  CHECK_THAT(models, ContainsSubstring("<summary>All metrics</summary>"));
}

TEST_CASE("text of the user stays text") {
  auto p = page();
  const std::string evil = "</script><img src=x onerror=alert(1)>\"'&\x1b[31m";
  p.title = p.comparison.rows[1].report.model.name = p.failures[0].query.id = p.failures[0].model = evil;
  p.comparison.rows[1].run = p.comparison.verdict->best.model = p.failures[1].query.text = evil;
  p.comparison.rows[1].report.label_names["7"] = p.comparison.rows[0].report.label_names["7"] = evil;
  const auto html = to_html(p);
  CHECK(html.find("<img src=x") == std::string::npos);
  CHECK(html.find('\x1b') == std::string::npos);
  CHECK(count(html, "<script") == 1);
  CHECK(count(html, escape_xml(evil)) >= 7);
}

TEST_CASE("products have a column per model; a product that a report leaves out is blank") {
  const auto products = section_of(to_html(page()), "products");
  CHECK_THAT(products, ContainsSubstring("first the products where b loses most to a"));
  CHECK_THAT(products, ContainsSubstring("</span>1 of 2</td>"));
  CHECK_THAT(products, ContainsSubstring("+50 points"));
  CHECK_THAT(products, ContainsSubstring("<th scope=\"row\" data-value=\"Soap\">Soap</th>"));
  CHECK_THAT(products, ContainsSubstring("<div class=\"controls\" hidden>"));
}

TEST_CASE("confused products are listed from the second time on") {
  CHECK_THAT(section_of(to_html(page()), "confused"), ContainsSubstring("2 of 2"));
  auto p = page();
  p.comparison.rows[0].report.breakdown.confused[0].count = 1;
  CHECK(section_of(to_html(p), "confused").empty());
}

TEST_CASE("a failure has its photos, names and scores") {
  const auto photos = section_of(to_html(page()), "photos");
  CHECK_THAT(photos, ContainsSubstring("data-model=\"b\" data-label=\"7\" data-change=\"broken\""));
  CHECK_THAT(photos, ContainsSubstring("<span class=\"tag down\">newly broken</span> Tea taken for Soap"));
  CHECK_THAT(photos, ContainsSubstring("<img src=\"data:image/jpeg;base64,AAAA\" alt=\"test photo: Tea\""));
  CHECK_THAT(photos, ContainsSubstring("score 0.500"));
  CHECK_THAT(photos, ContainsSubstring("Soap: no answer"));
  CHECK_THAT(photos, ContainsSubstring("<div class=\"none\">soap in a box</div>"));
}

TEST_CASE("a model is grey where another one is faster and more accurate") {
  const auto speed = section_of(to_html(page()), "speed");
  CHECK(count(speed, "class=\"dot soft\"") == 1);
  CHECK(count(speed, "class=\"dot\"") == 1);
  auto p = page();
  p.comparison.rows[0].report.speed.trial->load = 0.5;
  CHECK(section_of(to_html(p), "speed").empty());
}

TEST_CASE("curves are drawn where there are any") {
  auto p = page();
  CHECK(section_of(to_html(p), "views").empty());
  p.views = {{"a, best of photos", {{1, 0.5, 0.4, 0.6}, {2, 0.7, 0.6, 0.8}}}};
  p.roc = {{"a", {{0, 0.1}, {1, 1}}}};
  CHECK_THAT(section_of(to_html(p), "views"), ContainsSubstring("points=\"0.00,50.00 100.00,30.00 \""));
  CHECK_THAT(section_of(to_html(p), "views"), ContainsSubstring("a, best of photos"));
  CHECK_THAT(section_of(to_html(p), "unknown"), ContainsSubstring("points=\"0.00,90.00 100.00,0.00 \""));
}
