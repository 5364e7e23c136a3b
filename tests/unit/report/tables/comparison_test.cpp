#include "matcher/report/comparison.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

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
        "model  top-1   top-1 gain, points                               MRR    size     dim\n"
        "b+c    75.0 %  +25.0 [-10.0, +60.0] p=0.5, no difference shown  0.750  2.0 KiB    4\n"
        "a      50.0 %  baseline                                         0.750  2.0 KiB    4\n"
        "\n"
        "gain: over the baseline on the same queries, with its 95 % interval (Tango's score) and exact McNemar p\n"
        "with 2 queries only differences of about 99.0 points or more can be detected (80 % power)\n"
        "a and b+c are the same model (01234567)\n");
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
        {"q" + std::to_string(i), "p.jpg", "1", {"g", "1", "Apple"}, {"h", "2", "Pear"}, "Apple"});
  Check check{"a & \"b\" <c>", "new", "top1", 0.01, {0.25, 1, 0.0001}, {0.2, 0.3}};
  check.verdict = verdict;
  comparison.gate = Gate{{check}, {}};
  return comparison;
}

}  // namespace

TEST_CASE("the table counts the queries that changed, and lists them by the names of their labels on request") {
  const auto comparison = gated(matcher::eval::Verdict::fail);
  const auto text = render(table_of(comparison, Format::table), Format::table);
  CHECK(text.find("\nfirst answers newly broken: 7, newly fixed: 0; --changes lists them\n") != std::string::npos);
  CHECK(text.find("q0") == std::string::npos);
  CHECK(table_of(comparison, Format::table).rows[1][4] == "7");
  CHECK(text.find("gate: fail") != std::string::npos);
  CHECK(text.find("no difference shown") == std::string::npos);
  const auto listed = render(table_of(comparison, Format::table, {.changes = true}), Format::table);
  CHECK(listed.find("\na (new): 7 newly broken\n  q0: baseline said Apple, now says Pear\n  q1: ") !=
        std::string::npos);
}

TEST_CASE("a gain has a colour only if it is shown") {
  auto comparison = gated(matcher::eval::Verdict::fail);
  const auto marks = table_of(comparison, Format::table).marks;
  REQUIRE(marks.size() == 1);
  CHECK((marks[0].row == 1 && marks[0].column == 2 && marks[0].tone == Tone::worse));
  comparison.rows[1].gains[0].second.p_corrected = 0.06;
  CHECK(table_of(comparison, Format::table).marks.empty());
}

TEST_CASE("a narrow terminal shows model, metric and gain, and says what is left out") {
  const Comparison comparison{
      "a",
      {{example_report("a", 0.5), {}},
       {example_report("b+c", 0.75), {{"top1", {0.25, -0.1, 0.6, 0.4, 0.5, 0.99, "mcnemar"}}}}}};
  const auto text = render(table_of(comparison, Format::table), Format::table, {.width = 65});
  CHECK(text.find("model  top-1   top-1 gain, points\n") != std::string::npos);
  CHECK(text.find("\nleft out: dim, size, MRR (--format csv has every column)\n") != std::string::npos);
}

namespace {

Comparison timed() {
  Comparison comparison{"a",
                        {{example_report("a", 0.5), {}},
                         {example_report("b", 0.75), {{"top1", {0.25, 0.1, 0.4, 0.01, 0.01, 0.3, "mcnemar"}}}}}};
  comparison.rows[0].report.speed.trial = example_trial(60);
  comparison.rows[1].report.speed.trial = example_trial(90);
  return comparison;
}

bool has_note(const Table& table, const std::string& note) {
  return std::ranges::find(table.notes, note) != table.notes.end();
}

}  // namespace

TEST_CASE("speed is in the table only if it was measured, and the fastest is named") {
  const auto table = table_of(timed(), Format::table);
  CHECK(table.columns == std::vector<std::string>{"model", "top-1", "top-1 gain, points", "MRR", "images/s",
                                                  "image, ms (p50 / p95)", "search, ms (p50 / p95)", "peak memory",
                                                  "size", "dim"});
  CHECK(table.rows[1][4] == "60.0 [58.0, 62.0]");
  CHECK(table.rows[1][5] == "16.2 / 18.5");
  CHECK(has_note(table, "fastest: b (90.0 images/s)"));
}

TEST_CASE("a speed that cannot be compared says so and wins nothing") {
  auto comparison = timed();
  comparison.rows[1].report.speed.trial->load = 0.4;
  const auto table = table_of(comparison, Format::table);
  CHECK(table.rows[0][4] == "90.0 [88.0, 92.0], not comparable");
  CHECK(has_note(table, "speed of b is not comparable: other programs used 40 % of the processor"));
  CHECK(has_note(table, "fastest: none is shown to be"));
  comparison.rows[1].report.speed.trial.reset();
  CHECK(table_of(comparison, Format::table).rows[0][4] == "not measured");
}

TEST_CASE("a trial adds columns to the end of CSV") {
  auto comparison = timed();
  comparison.rows[1].report.speed.trial.reset();
  const auto table = table_of(comparison, Format::csv);
  CHECK(table.columns.back() == "trial_comparable");
  CHECK(table.rows[0].back() == "true");
  CHECK(table.rows[1].back().empty());
  CHECK(table.rows[1].size() == table.columns.size());
}

TEST_CASE("costs are shown on request, and a price only where speed was measured") {
  auto comparison = timed();
  const auto columns = table_of(comparison, Format::table).columns;
  CHECK(std::ranges::find(columns, "bytes/vector") == columns.end());
  comparison.rows[0].cost = Cost{.vector_bytes = 1536, .parameters = 2'200'000, .license = "MIT"};
  comparison.rows[1].cost = Cost{.vector_bytes = 16, .price_per_million = 2.3148};
  const auto table = select_columns(table_of(comparison, Format::table),
                                    {"bytes/vector", "1 M vectors", "10 M vectors", "parameters", "licence", "price"});
  CHECK(table.rows[1] == std::vector<std::string>{"a", "1536", "1.4 GiB", "14.3 GiB", "2.2 M", "MIT", ""});
  CHECK(table.rows[0] == std::vector<std::string>{"b", "16", "15.3 MiB", "152.6 MiB", "", "", "2.31"});
  const auto csv = table_of(comparison, Format::csv);
  CHECK(csv.columns.back() == "price_per_million");
  CHECK(csv.rows[1].back() == "2.3148");
}

TEST_CASE("models are sorted by any metric of the comparison") {
  auto comparison = timed();
  comparison.rows[0].report.metrics[1].second.value = 0.9;
  const auto first = [&](const std::string& metric) {
    return table_of(comparison, Format::table, {.sort = metric}).rows[0][0];
  };
  CHECK(first("") == "b");
  CHECK(first("mrr") == "a");
  CHECK_THROWS_WITH(first("map"), "--sort map is not one of the metrics of this comparison: top1, mrr");
}

TEST_CASE("columns are chosen by names that leave out what is hard to type") {
  const auto comparison = timed();
  const auto chosen = [&](const std::vector<std::string>& names, Format format = Format::table) {
    return table_of(comparison, format, {.columns = names});
  };
  const auto table = chosen({"size", "top1", "gain", "images/s"});
  CHECK(table.columns == std::vector<std::string>{"model", "size", "top-1", "top-1 gain, points", "images/s"});
  CHECK(table.marks.at(0).column == 3);
  CHECK(chosen({"mrr", "mrr_gain"}, Format::csv).columns == std::vector<std::string>{"model", "mrr", "mrr_gain"});
  CHECK_THROWS_WITH(chosen({"speeed"}),
                    Catch::Matchers::StartsWith("there is no column \"speeed\". Use model | top-1 | "));
}

TEST_CASE("a comparison by label has a column per model") {
  auto comparison = timed();
  set_breakdown(comparison.rows[0].report, {{{"7", 3, 2, {0.5, 0.1, 0.9}, 0.5, 0.25}}, {}, {}}, {{"7", "Tea"}});
  set_breakdown(comparison.rows[1].report, {{{"7", 3, 2, {0.75, 0.1, 0.9}, 0.5, 0.25}}, {}, {}}, {{"7", "Tea"}});
  const auto table = table_by(comparison, "label", Format::table);
  CHECK(table.columns == std::vector<std::string>{"label", "queries", "a", "b"});
  CHECK(table.rows.at(0) == std::vector<std::string>{"Tea", "3", "50.0 %", "75.0 %"});
  CHECK(table_by(comparison, "label", Format::csv).rows.at(0) ==
        std::vector<std::string>{"7", "Tea", "3", "0.5", "0.75"});
  CHECK(table_by(comparison, "category", Format::table).notes.at(0) == "no query has a category");
}

TEST_CASE("two names of one model are noticed") {
  CHECK(has_note(table_of(timed(), Format::table), "a and b are the same model (01234567)"));
  auto comparison = timed();
  comparison.rows[1].report.model.fingerprint = "89abcdef";
  CHECK_FALSE(has_note(table_of(comparison, Format::table), "a and b are the same model (01234567)"));
}
