#include "matcher/eval/breakdown.hpp"

#include <fmt/format.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers.hpp>

#include "matcher/report/tables.hpp"

using namespace matcher::report;
using matcher::eval::Breakdown;

namespace {

Report report() {
  Report r;
  r.dataset.name = "shelf";
  r.dataset.gallery = 3;
  r.dataset.labels = 2;
  r.dataset.queries = 4;
  r.depth = 10;
  const Breakdown breakdown{{{"7", 3, 2, {1.0 / 3, 0.0615, 0.7923}, 0.5, 0.25}, {"8", 1, 1, {1, 0.2065, 1}, 1, 1}},
                            {{"drinks & co", 4, 3, {0.5, 0.15, 0.85}, 0.625, 0.4375}},
                            {{"7", "8", 2, 3}}};
  set_breakdown(r, breakdown, {{"7", "Tea_green"}, {"9", "Soap"}});
  return r;
}

std::string shown(const std::string& by, Format format) { return render(table_by(report(), by, format), format); }

}  // namespace

TEST_CASE("labels are shown by their names") {
  CHECK(shown("label", Format::table) ==
        "shelf\n"
        "gallery: 3 items of 2 labels; queries: 4; search: exact; answers kept: 10\n"
        "\n"
        "label      queries  gallery  top-1    95 % interval      MRR    mAP\n"
        "Tea_green        3        2   33.3 %    6.2 % to 79.2 %  0.500  0.250\n"
        "8                1        1  100.0 %  20.6 % to 100.0 %  1.000  1.000\n");
}

TEST_CASE("CSV has keys, names and every digit") {
  CHECK(shown("label", Format::csv) ==
        "label,name,queries,gallery,top1,top1_low,top1_high,mrr,map\n"
        "7,Tea_green,3,2,0.3333333333333333,0.0615,0.7923,0.5,0.25\n"
        "8,8,1,1,1,0.2065,1,1,1\n");
  CHECK(shown("category", Format::csv) ==
        "category,queries,gallery,top1,top1_low,top1_high,mrr,map\ndrinks & co,4,3,0.5,0.15,0.85,0.625,0.4375\n");
  CHECK(shown("confused", Format::csv) == "label,name,answered,answered_name,count,queries\n7,Tea_green,8,8,2,3\n");
}

TEST_CASE("LaTeX is a tabular whose cells are text") {
  CHECK(shown("category", Format::latex) ==
        "% shelf\n"
        "% gallery: 3 items of 2 labels; queries: 4; search: exact; answers kept: 10\n"
        "\\begin{tabular}{lrrrrrr}\n"
        "\\toprule\n"
        "category & queries & gallery & top-1 & 95 \\% interval & MRR & mAP \\\\\n"
        "\\midrule\n"
        "drinks \\& co & 4 & 3 & 50.0 \\% & 15.0 \\% to 85.0 \\% & 0.625 & 0.438 \\\\\n"
        "\\bottomrule\n"
        "\\end{tabular}\n");
}

TEST_CASE("an empty table says why") {
  const Report empty;
  CHECK(render(table_by(empty, "category", Format::table), Format::table).ends_with("\nno query has a category\n"));
  CHECK(render(table_by(empty, "label", Format::table), Format::table)
            .ends_with("\nthe labels of the queries are unknown\n"));
  CHECK_THROWS_WITH(table_by(empty, "shelf", Format::table),
                    "there is no table by \"shelf\"; use label, category or confused");
}

TEST_CASE("the rows that a report has no room for are counted below the table") {
  auto r = report();
  r.left_out = {2, 1, 902};
  const auto note = [&](const char* group) { return table_by(r, group, Format::table).notes.at(0); };
  CHECK(note("label") == "left out: 2 more labels, with fewer wrong first answers");
  CHECK(note("category") == "left out: 1 more categories, with fewer wrong first answers");
  CHECK(note("confused") == "left out: 902 more pairs, of fewer queries");
}
