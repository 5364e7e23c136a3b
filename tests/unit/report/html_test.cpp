#include "matcher/report/html.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cmath>
#include <map>
#include <regex>
#include <set>

#include "matcher/report/escape.hpp"
#include "matcher/report/tables/cells.hpp"
#include "unit/report/example.hpp"

using namespace matcher::report;
using Catch::Matchers::ContainsSubstring;

namespace {

const matcher::eval::Gain gain_of_b{0.25, 0.125, 0.5, 0.01, 0.02, 0.5, "mcnemar"};

const matcher::eval::Gain no_gain{0.25, -0.125, 0.5, 0.3, 0.3, 0.5, "mcnemar"};

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
  p.failures = {{"b", Outcome::broken, {"q", "7", "", "q.jpg"}, Photo{"i", "9", "", "", "score 0.500"}, std::nullopt},
                {"b", Outcome::same, {"r", "9", "soap in a box"}, std::nullopt, Photo{"j", "9", "", "q.jpg"}}};
  p.thumbnails = {{"q.jpg", "data:image/jpeg;base64,AAAA"}};
  return p;
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

Fusion fusion() {
  Fusion f;
  f.ensemble = example_report("a+b", 0.75);
  f.members = {{example_report("a"), 0.25, {{"top1", gain_of_b}}}, {example_report("b"), 0.75, {{"top1", gain_of_b}}}};
  f.members[1].gains[0].second.p_corrected = 0.5;
  set_breakdown(f.ensemble, {{{"7", 2, 3, {0.5, 0.1, 0.9}, 0, 0}}, {}, {}}, {{"7", "Tea"}});
  set_breakdown(f.members[0].report, {{{"7", 2, 3, {1, 0.5, 1}, 0, 0}}, {}, {}}, {{"7", "Tea"}});
  f.ceiling = {{"top1", {1, 0.5, 1}}, {"mrr", {1, 0.5, 1}}};
  f.overlaps = {{"a", "b", {1, 2, 3, 5}}};
  return f;
}

Page page_of_fusion() {
  auto p = page();
  p.comparison.rows = {{fusion().ensemble, {}, "fused", {}}};
  p.comparison.verdict.reset();
  return p;
}

Views views() {
  Views v;
  v.model = example_model();
  v.dataset = example_report().dataset;
  v.repeats = 20;
  v.rows = {{1, 3, 4, {{"top1", {0.5, 0.25, 0.75}}}}, {2, 2, 4, {{"top1", {0.75, 0.5, 1}}}}};
  return v;
}

/// A page with every kind of chart and card.
Page full_page() {
  auto p = page();
  for (int i = 0; i < 9; ++i) p.views.push_back({std::to_string(i), {{1, 0.5, 0.4, 0.6}, {2, 0.7, 0.6, 0.8}}});
  p.roc = {{"a", {{0, 0.1}, {1, 1}}}};
  p.failures.push_back({"b", Outcome::fixed, {"s", "7", ""}, std::nullopt, std::nullopt});
  return p;
}

/// A threshold that answers little.
Detection detection() {
  auto d = example_detection();
  d.accepted = {0.03, 0, 0.5};
  d.detected = {0.02, 0, 0.4};
  d.choices = {{0.2, {0.25, 0.2, 0.5, 0.25}}};
  d.curve = {{1, 0, 0, 0}, {0.25, 0.2, 0.5, 0.25}, {0, 1, 1, 0.5}};
  return d;
}

Answers answers() {
  Answers a{.model = example_model(),
            .index_type = "Flat",
            .items = 3,
            .threshold = 0.75,
            .threshold_from = "shelf/threshold.json",
            .queries = {}};
  a.queries = {{"q.jpg", false, {}, "", {{"i1", "tea", "1.jpg", 0.875F}, {"i2", "", "2.jpg", 0.75F}}},
               {"far.jpg", false, Answer{"i3", "oats", "3.jpg", 0.25F}, "", {}},
               {"bad.jpg", false, {}, "empty file", {}},
               {"oat milk", true, {}, "", {{"i1", "tea", "1.jpg", 0.5F}}}};
  return a;
}

/// The page's section with this id; "" if it has none.
std::string section_of(const std::string& html, const std::string& id) {
  const auto start = html.find("<section aria-labelledby=\"" + id + "\"");
  return start == std::string::npos ? "" : html.substr(start, html.find("</section>", start) - start);
}

std::string between(const std::string& text, const std::string& start, const std::string& end) {
  const auto from = text.find(start) + start.size();
  return text.substr(from, text.find(end, from) - from);
}

/// Everything that `pattern` captures in its first group.
std::set<std::string> all_of(const std::string& text, const std::string& pattern) {
  const std::regex expression(pattern);
  std::set<std::string> found;
  for (std::sregex_iterator at(text.begin(), text.end(), expression), end; at != end; ++at) found.insert((*at)[1]);
  return found;
}

/// The classes that the rules of the page select: names after a dot, outside of declarations.
std::set<std::string> styled_classes(const std::string& html) {
  const auto style = between(html, "<style>", "</style>");
  const auto selectors = std::regex_replace(style, std::regex("\\{[^{}]*\\}"), "{}");
  return all_of(selectors, "\\.([a-z][a-z0-9-]*)");
}

/// The classes of the elements, and those that the script sets.
void add_used_classes(std::set<std::string>& used, const std::string& html) {
  for (const auto& names : all_of(between(html, "<body>", "<script>"), "class=\"([^\"]*)\""))
    used.merge(all_of(names, "([^ ]+)"));
  used.merge(all_of(between(html, "<script>", "</script>"), "classList\\.[a-z]+\\(\"([^\"]+)\""));
}

/// The colours that a rule of the page names, such as "ink" -> #1c2430, below `selector`.
std::map<std::string, std::string> colours(const std::string& html, const std::string& start) {
  const auto rule = between(html.substr(html.find(start)), ":root {", "}");
  const std::regex one("--([a-z]+): #([0-9a-f]+)");
  std::map<std::string, std::string> found;
  for (std::sregex_iterator at(rule.begin(), rule.end(), one), end; at != end; ++at) {
    auto hex = (*at)[2].str();
    if (hex.size() == 3) hex = {hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]};
    found[(*at)[1]] = hex;
  }
  return found;
}

/// Relative luminance of sRGB, as WCAG 2 defines it.
double luminance(const std::string& hex) {
  const auto channel = [&](std::size_t at) {
    const double v = std::stoi(hex.substr(at, 2), nullptr, 16) / 255.0;
    return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * channel(0) + 0.7152 * channel(2) + 0.0722 * channel(4);
}

double contrast(const std::string& a, const std::string& b) {
  const auto [dark, light] = std::minmax({luminance(a), luminance(b)});
  return (light + 0.05) / (dark + 0.05);
}

Audit audit() {
  Audit found;
  found.duplicates.push_back(
      {Likeness::bytes, {"a.jpg", "tea", "gallery", "a.jpg"}, {"b.jpg", "milk", "gallery", "b.jpg"}});
  return found;
}

}  // namespace

TEST_CASE("every class of a page has a style, and every style a use") {
  const auto html = to_html(full_page());
  std::set<std::string> used;
  for (const auto& one : {html, to_html(page(no_gain)), to_html(fusion(), page_of_fusion()), to_html(views()),
                          to_html(detection()), to_html(answers(), {{"q.jpg", "data:q"}}), to_html(audit(), {})})
    add_used_classes(used, one);
  CHECK(used == styled_classes(html));
  for (const auto& id : all_of(between(html, "<script>", "</script>"), "\\$\\(\"([a-z-]+)\"\\)")) {
    INFO(id);
    CHECK_THAT(html, ContainsSubstring(" id=\"" + id + "\""));
  }
}

TEST_CASE("every text has a contrast of 4.5, every line of a chart one of 3, in light, dark and print") {
  const auto html = to_html(full_page());
  for (const auto* theme : {"<style>", "(prefers-color-scheme: dark)", "@media print"}) {
    const auto named = colours(html, theme);
    for (const auto* text : {"ink", "soft", "good", "bad"}) {
      for (const auto* back : {"back", "card"}) {
        INFO(theme << ' ' << text << " on " << back);
        CHECK(contrast(named.at(text), named.at(back)) >= 4.5);
      }
    }
    CHECK(contrast(named.at("mark"), named.at("back")) >= 4.5);
    for (const auto& line : all_of(html, "\\.c[0-9] \\{ stroke: #([0-9a-f]{6})")) {
      INFO(theme << ' ' << line);
      CHECK(contrast(line, named.at("back")) >= 3);
    }
  }
}

TEST_CASE("32 lines of a chart differ in colour or dashes") {
  auto p = page();
  for (int i = 0; i < 32; ++i) p.views.push_back({std::to_string(i), {{1, 0.5}, {2, 0.7}}});
  CHECK(all_of(section_of(to_html(p), "views"), "<polyline class=\"([^\"]*)\"").size() == 32);
}

TEST_CASE("a chart has a name with its axes and lines") {
  CHECK_THAT(section_of(to_html(page()), "speed"),
             ContainsSubstring("role=\"img\" aria-label=\"top-1 by images/s, logarithmic: a, b. Speed "));
}

TEST_CASE("long names are shortened in the middle, because they differ at the end") {
  auto p = page();
  p.comparison.rows[0].report.model.name = "photos-of-our-catalogue-epoch-12-A";
  p.comparison.rows[1].report.model.name = "photos-of-our-catalogue-epoch-12-B";
  const auto speed = section_of(to_html(p), "speed");
  CHECK_THAT(speed, ContainsSubstring("title=\"photos-of-our-catalogue-epoch-12-A\">photos-of-o…e-epoch-12-A</span>"));
  CHECK_THAT(speed, ContainsSubstring(">photos-of-o…e-epoch-12-B</span>"));
}

TEST_CASE("bars begin where they show differences, and the column says so") {
  auto p = page();
  CHECK_THAT(section_of(to_html(p), "models"), ContainsSubstring("<th scope=\"col\">top-1</th>"));
  p.comparison.rows[0].report.metrics[0].second = {0.83, 0.81, 0.85};
  p.comparison.rows[1].report.metrics[0].second = {0.85, 0.83, 0.87};
  const auto models = section_of(to_html(p), "models");
  CHECK_THAT(models, ContainsSubstring("<th scope=\"col\">top-1, bars from 80 % to 90 %</th>"));
  CHECK_THAT(models, ContainsSubstring("<i style=\"width:30.0%\">") && ContainsSubstring("<i style=\"width:50.0%\">"));
}

TEST_CASE("near-duplicates are those of the best model, unless its limit means nothing") {
  auto p = page();
  CHECK(section_of(to_html(p), "duplicates").empty());
  p.comparison.rows[1].report.near_duplicates = NearDuplicates{0.98, 2, 1, 97, {{"top1", {0.5, 0.4, 0.6}}}, {}};
  const auto few = section_of(to_html(p), "duplicates");
  CHECK_THAT(few, ContainsSubstring("2 test photos are in the catalogue with the same bytes. 1 more are almost "
                                    "unchanged: b gives them a cosine of 0.98 or more. top-1 without them: 50.0 % "));
  p.comparison.rows[1].report.near_duplicates->near = 80;
  const auto many = section_of(to_html(p), "duplicates");
  CHECK_THAT(many, ContainsSubstring("b gives 80 more a cosine of 0.98 or more. These are too many to be") &&
                       !ContainsSubstring("without them"));
}

TEST_CASE("a page needs no script and no network, and leaves nothing to fill in") {
  const auto html = to_html(page());
  CHECK(html.starts_with("<!doctype html>"));
  CHECK_THAT(html, !ContainsSubstring("@BODY@") && !ContainsSubstring("@TITLE@"));
  CHECK_THAT(html, ContainsSubstring("content=\"default-src 'none';"));
  CHECK(html.find("<script") > html.find("</main>"));
  CHECK(html.find("http") == html.find("http-equiv"));
  CHECK(count(html, "http") == 1);
}

TEST_CASE("a page links to its sections, below the answer") {
  const auto html = to_html(page());
  const auto links = between(html, "<nav aria-label=\"sections\">", "</nav>");
  CHECK(links ==
        "<a href=\"#models\">Which model</a>\n<a href=\"#photos\">What changed, and what is wrong</a>\n"
        "<a href=\"#products\">By product</a>\n<a href=\"#confused\">Most confused</a>\n"
        "<a href=\"#speed\">Speed against accuracy</a>\n");
  CHECK(html.find("</h1>") < html.find("<nav"));
  CHECK_THAT(to_html(views()), !ContainsSubstring("<nav"));
}

TEST_CASE("a page begins with the verdict") {
  const auto html = to_html(page());
  CHECK_THAT(html, ContainsSubstring("<h1>b finds the correct product first for 2 of 2 photos</h1>"));
  CHECK_THAT(html, ContainsSubstring("<li class=\"up\">better than a: top-1 " + shown_lead("top1", gain_of_b)));
  auto single = page();
  single.comparison.rows.resize(1);
  single.comparison.verdict.reset();
  CHECK_THAT(to_html(single), ContainsSubstring("<h1>a finds the correct product first for 1 of 2 photos</h1>"));
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
  CHECK_THAT(products, ContainsSubstring("+50.0 points"));
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

TEST_CASE("a page of an ensemble has its gain over every member, their errors, and its photos") {
  const auto html = to_html(fusion(), page_of_fusion());
  CHECK_THAT(html, ContainsSubstring("<h1>a+b finds the correct product first for 2 of 2 photos</h1>"));
  CHECK_THAT(html, ContainsSubstring("<li class=\"up\">better than a: top-1 " + shown_lead("top1", gain_of_b)));
  CHECK_THAT(html, ContainsSubstring("<li class=\"same\">not shown to differ from b (50.0 %)</li>"));
  const auto members = section_of(html, "models");
  CHECK(count(between(members, "<table id=\"members\"", "</table>"), "<tr>") == 5);
  CHECK(count(between(members, "<table id=\"metrics\"", "</table>"), "<tr>") == 5);
  CHECK(count(members, "<td class=\"number up\" data-value=\"0.25\">") == 1);
  CHECK_THAT(members, ContainsSubstring("top-1 gain of the ensemble, points"));
  const auto products = section_of(html, "products");
  CHECK_THAT(products, ContainsSubstring("first the products where a+b loses most to a") &&
                           ContainsSubstring("<th scope=\"col\">a+b</th>") && ContainsSubstring("Tea</th>"));
  CHECK_THAT(section_of(html, "overlap"), ContainsSubstring("data-value=\"5\"") && ContainsSubstring("50.0 %"));
  CHECK(count(section_of(html, "photos"), "<article") == 2);
}

TEST_CASE("a page of views says what more photos bring, as text, curve and table") {
  const auto html = to_html(views());
  CHECK_THAT(html, ContainsSubstring("<h1>With 2 photos of each product, a finds the correct product first for 75 of "
                                     "100 photos; with 1: 50.0 %</h1>"));
  CHECK_THAT(section_of(html, "views"), ContainsSubstring("points=\"0.00,50.00 100.00,25.00 \""));
  CHECK_THAT(section_of(html, "counts"),
             ContainsSubstring("50.0 % [25.0, 75.0]") && ContainsSubstring("75.0 % [50.0, 100.0]"));
}

TEST_CASE("a page of a threshold says in plain words first what it would answer") {
  const auto html = to_html(detection());
  CHECK_THAT(html, ContainsSubstring("<h1>" + sentence(detection()) + "</h1>"));
  CHECK_THAT(sentence(detection()), ContainsSubstring("8 of 8 photos of catalogue products get no answer"));
  const auto choices = section_of(html, "choices");
  CHECK(count(choices, "<tr>") == 3);
  CHECK_THAT(choices, ContainsSubstring("10 % false alarms (chosen)") && ContainsSubstring("0.2500"));
  CHECK(count(section_of(html, "curve"), "<polyline") == 2);
}

TEST_CASE("a page of answers has a photo and its answers side by side") {
  const auto html = to_html(answers(), {{"q.jpg", "data:q"}, {"1.jpg", "data:1"}});
  CHECK_THAT(html, ContainsSubstring("<h1>2 of 4 queries have a match</h1>"));
  CHECK_THAT(html, ContainsSubstring(
                       "Photos with a cosine below 0.7500 have no match (threshold from shelf/threshold.json)."));
  const auto cards = section_of(html, "answers");
  CHECK(count(cards, "<article") == 4);
  CHECK_THAT(cards, ContainsSubstring("<h3>tea</h3>\n<div class=\"photos\"><figure><img src=\"data:q\""));
  CHECK_THAT(cards, ContainsSubstring("<b>answer 1</b> tea <span>score 0.8750</span>"));
  CHECK_THAT(cards, ContainsSubstring("<div class=\"none\">no photo</div><figcaption><b>answer 2</b> i2"));
  CHECK_THAT(cards, ContainsSubstring("<h3>no match</h3>") &&
                        ContainsSubstring("<b>nearest</b> oats <span>score 0.2500</span>"));
  CHECK_THAT(cards, ContainsSubstring("<div class=\"none\">empty file</div>"));
  CHECK_THAT(cards, ContainsSubstring("<div class=\"none\">oat milk</div><figcaption><b>words</b>"));
}

TEST_CASE("a page of answers shows the first 120 queries, and the only query in its headline") {
  auto many = answers();
  many.queries.resize(1);
  CHECK_THAT(to_html(many, {}), ContainsSubstring("<h1>q.jpg: tea</h1>"));
  many.queries.resize(121, many.queries[0]);
  const auto html = to_html(many, {});
  CHECK(count(html, "<article") == 120);
  CHECK_THAT(html, ContainsSubstring("The first 120 of 121 queries."));
  CHECK(photos_on_page(many).size() == 360);
}
