#include "matcher/report/answers.hpp"

#include <catch2/catch_test_macros.hpp>

#include "matcher/report/tables.hpp"
#include "unit/report/example.hpp"

using namespace matcher::report;

namespace {

Answers answers() {
  Answers a;
  a.queries = {{"q.jpg", false, {}, "", {{"i1", "tea", "1.jpg", 0.5F}, {"i2", "soap, \"x\"", "2.jpg", 0.123456F}}},
               {"far.jpg", false, 0.25F, "", {}},
               {"bad.jpg", false, {}, "empty file", {}}};
  return a;
}

}  // namespace

TEST_CASE("answers are rows by rank; a rejected query has its best score; an unreadable one has no row") {
  CHECK(print(answers(), Format::table) ==
        "query    rank  label      score   id  path\n"
        "q.jpg       1  tea        0.5000  i1  1.jpg\n"
        "q.jpg       2  soap, \"x\"  0.1235  i2  2.jpg\n"
        "far.jpg        no match   0.2500\n");
}

TEST_CASE("answers in CSV have every digit of the score") {
  CHECK(print(answers(), Format::csv) ==
        "query,rank,label,score,id,path\n"
        "q.jpg,1,tea,0.5,i1,1.jpg\n"
        "q.jpg,2,\"soap, \"\"x\"\"\",0.123456,i2,2.jpg\n"
        "far.jpg,,no match,0.25,,\n");
}

TEST_CASE("print() writes JSON for the format json, and a table otherwise") {
  CHECK(print(answers(), Format::json) == to_json(answers()));
  CHECK(print(answers(), Format::markdown) == render(table_of(answers(), Format::markdown), Format::markdown));
}
