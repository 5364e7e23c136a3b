#include "matcher/report/trend.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "matcher/report/html.hpp"
#include "matcher/report/tables.hpp"

using namespace matcher::report;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::EndsWith;
using matcher::eval::Verdict;

namespace {

Trend trend() {
  Trend t{.metric = "top1",
          .reference = "n/1",
          .nights = {},
          .reference_value = {0.5, 0.25, 0.75},
          .reference_queries = 100};
  Night one{.run = "n/1",
            .created = "2026-01-01T00:00:00Z",
            .host = "h",
            .model = "a",
            .fingerprint = "f",
            .value = {0.5, 0.25, 0.75}};
  one.queries = one.common = 100;
  Night two = one;
  two.run = "n/2";
  two.created = "2026-01-02T00:00:00Z";
  two.value = {0.25, 0.125, 0.375};
  two.gain = {-0.25, -0.375, -0.125, 0.0078125, 0.015625};
  two.verdict = Verdict::fail;
  t.nights = {one, two};
  return t;
}

}  // namespace

TEST_CASE("a trend ends with the first bad run") {
  CHECK(print(trend(), Format::table) ==
        "day         run  model  top-1                change                        verdict  queries  common\n"
        "2026-01-01  n/1  a      50.0 % [25.0, 75.0]  reference                                  100\n"
        "2026-01-02  n/2  a      25.0 % [12.5, 37.5]  -25.0 [-37.5, -12.5] p=0.016  fail         100     100\n"
        "\n"
        "reference: n/1, 50.0 % [25.0, 75.0] of 100 photos\n"
        "change: against the reference on the queries that both runs have (common), with its 95 % interval; p is "
        "corrected for the number of runs (Holm)\n"
        "top-1 of 2 runs: first bad run 2026-01-02 (n/2): -25.0 points [-37.5, -12.5], p=0.016\n");
}

TEST_CASE("a trend without a bad run says so, with and without a limit") {
  auto t = trend();
  t.nights.pop_back();
  CHECK(sentence(t) == "top-1 of 1 run: none is shown to be worse than the reference");
  t.max_drop = 0.02;
  CHECK(sentence(t) == "top-1 of 1 run: none is shown to be down by more than the limit");
  CHECK_THAT(print(t, Format::table), ContainsSubstring("\nlimit: a drop of 2.0 points\n"));
}

TEST_CASE("a trend in JSON and CSV has every number") {
  const auto json = to_json(trend());
  CHECK_THAT(json, ContainsSubstring("\"schema\": \"matcher.trend/1\""));
  CHECK_THAT(json, ContainsSubstring("\"first_bad\": \"n/2\""));
  CHECK_THAT(json, ContainsSubstring("\"max_drop\": null"));
  CHECK_THAT(json, ContainsSubstring("\"verdict\": \"fail\""));
  CHECK_THAT(
      print(trend(), Format::csv),
      EndsWith("\n2026-01-02T00:00:00Z,n/2,a,f,h,0.25,0.125,0.375,100,100,-0.25,-0.375,-0.125,0.0078125,0.015625,"
               "fail\n"));
}

TEST_CASE("the page of a trend has the answer, a line with the limit, and a row per run") {
  auto t = trend();
  t.max_drop = 0.1;
  const auto html = to_html(t);
  CHECK_THAT(html, ContainsSubstring("first bad run 2026-01-02 (n/2)"));
  CHECK_THAT(html, ContainsSubstring("limit"));
  CHECK_THAT(html, ContainsSubstring("trend-plot"));
  CHECK_THAT(html, ContainsSubstring("trend-table"));
}
