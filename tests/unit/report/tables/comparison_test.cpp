#include "matcher/report/comparison.hpp"

#include <catch2/catch_test_macros.hpp>

#include "matcher/report/tables.hpp"
#include "unit/report/example.hpp"

using namespace matcher::report;

TEST_CASE("a comparison as a table names protocol, sizes and gains") {
  const Comparison comparison{
      "a",
      {{example_report("a", 0.5), {}},
       {example_report("b+c", 0.75), {{"top1", {0.25, -0.1, 0.6, 0.4, 0.5, 0.99, "mcnemar"}}}}}};
  CHECK(render(table_of(comparison, Format::table), Format::table) ==
        "shelf: studio against phone\n"
        "gallery: 3 items of 3 labels; queries: 2; search: exact; answers kept: 100\n"
        "\n"
        "model  dim  size     images/s  top-1  MRR   top-1 gain, points\n"
        "b+c      4  2.0 KiB      12.3   75 %  0.75  +25 [-10, +60] p=0.5, no difference shown\n"
        "a        4  2.0 KiB      12.3   50 %  0.75  baseline\n"
        "\n"
        "gain: over the baseline on the same queries, with its 95 % interval (Tango's score) and exact McNemar p\n"
        "b+c: the smallest difference that this number of queries shows in 80 of 100 cases is 99.0 points\n");
}

TEST_CASE("CSV has fractions with every digit, and one column per number") {
  const Comparison comparison{
      "a", {{example_report("a", 0.5), {}}, {example_report("b", 0.75), {{"top1", {0.25, -0.1, 0.6, 3.2e-22}}}}}};
  const auto text = render(table_of(comparison, Format::csv), Format::csv);
  CHECK(
      text.starts_with("model,dimension,fingerprint,size_bytes,images_per_second,top1,top1_low,top1_high,top1_gain,"));
  CHECK(text.find("0.75,0.1,0.9,0.25,-0.1,0.6,3.2e-22,1,") != std::string::npos);
}

namespace {

Comparison gated(matcher::eval::Verdict verdict) {
  Comparison comparison{
      "a",
      {{example_report("a", 0.5), {}, "old"},
       {example_report("a", 0.25), {{"top1", {-0.25, -0.3, -0.2, 0.001, 0.002, 0.1, "mcnemar"}}}, "new"}}};
  for (int i = 0; i < 7; ++i)
    comparison.rows[1].changes.broken.push_back(
        {"q" + std::to_string(i), "p.jpg", "apple|<1>", {"g", "apple|<1>"}, {"h", "pear"}});
  Check check{"a & \"b\" <c>", "new", "top1", 0.01, {0.25, 1, 0.0001}, {0.2, 0.3}};
  check.verdict = verdict;
  comparison.gate = Gate{{check}, {}};
  return comparison;
}

}  // namespace

TEST_CASE("the table names the first queries that broke and counts the rest") {
  const auto comparison = gated(matcher::eval::Verdict::fail);
  const auto text = render(table_of(comparison, Format::table), Format::table);
  CHECK(text.find("a (new): 7 newly broken: q0 (is apple|<1>, was answered apple|<1>, now pear); q1") !=
        std::string::npos);
  CHECK(text.find("and 2 more") != std::string::npos);
  CHECK(text.find("gate: fail") != std::string::npos);
  CHECK(text.find("no difference shown") == std::string::npos);
}
