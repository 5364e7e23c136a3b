#include "matcher/report/answers.hpp"

#include <catch2/catch_test_macros.hpp>

#include "matcher/report/tables.hpp"
#include "unit/report/example.hpp"

using namespace matcher::report;

namespace {

Answers answers() {
  Answers a;
  a.threshold = 0.75;
  a.threshold_from = "shelf/threshold.json";
  a.queries = {{"q.jpg", false, {}, "", {{"i1", "tea", "1.jpg", 0.5F}, {"i2", "soap, \"x\"", "2.jpg", 0.123456F}}},
               {"far.jpg", false, Answer{"i3", "oats", "3.jpg", 0.25F}, "", {}},
               {"bad.jpg", false, {}, "empty file", {}}};
  return a;
}

}  // namespace

TEST_CASE("answers are rows by rank; no match names the nearest item; an unreadable query has no row") {
  CHECK(print(answers(), Format::table) ==
        "query    rank  label                                                                         score   id\n"
        "q.jpg       1  tea                                                                           0.5000  i1\n"
        "q.jpg       2  soap, \"x\"                                                                     0.1235  i2\n"
        "far.jpg        no match (nearest: oats, 0.2500; threshold 0.7500 from shelf/threshold.json)\n");
}

TEST_CASE("a query that is rejected for its margin has it") {
  auto a = answers();
  a.queries[1].margin = 0.0625F;
  a.queries[1].rejected->label = "";
  CHECK(describe_rejection(a.queries[1], a) ==
        "nearest: i3, 0.2500; margin 0.0625; threshold 0.7500 from shelf/threshold.json");
}

TEST_CASE("columns keep their side in Markdown if nothing matches") {
  auto a = answers();
  a.queries.erase(a.queries.begin());
  const auto text = print(a, Format::markdown);
  CHECK(text.find("-:|") == std::string::npos);
}

TEST_CASE("answers in CSV have every digit of the score, and the nearest item of a query without a match") {
  CHECK(print(answers(), Format::csv) ==
        "query,rank,label,score,id,path,nearest,nearest_score\n"
        "q.jpg,1,tea,0.5,i1,1.jpg,,\n"
        "q.jpg,2,\"soap, \"\"x\"\"\",0.123456,i2,2.jpg,,\n"
        "far.jpg,,no match,0.25,,,oats,0.25\n");
}

TEST_CASE("print() writes JSON for the format json, and a table otherwise") {
  CHECK(print(answers(), Format::json) == to_json(answers()));
  CHECK(print(answers(), Format::markdown) == render(table_of(answers(), Format::markdown), Format::markdown));
}
