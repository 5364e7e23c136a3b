#include "matcher/report/gate.hpp"

#include <catch2/catch_test_macros.hpp>

#include "matcher/report/html.hpp"
#include "unit/report/example.hpp"

using namespace matcher::report;
using matcher::eval::Verdict;

namespace {

SliceCheck slices() {
  SliceCheck check{"b", "tonight", "top1", 0.05, "category", 59, {}};
  check.slices = {
      {.value = "j", .name = "Juice", .queries = 80, .test = {0.225, 1, 0.001}, .verdict = Verdict::fail},
      {.value = "m", .name = "Milk", .queries = 90, .test = {0.01, 0.3, 0.9}},
      {.value = "s", .name = "Soap", .queries = 99, .verdict = Verdict::pass},
      {.value = "t", .name = "Tea", .queries = 8, .too_few = true},
  };
  check.verdict = Verdict::fail;
  return check;
}

SpeedCheck speed(double slowdown, Verdict verdict) {
  SpeedCheck check{"b", "tonight", "images_per_second", 0.1};
  check.before = {25, 24, 26};
  check.now = {20, 19, 21};
  check.slowdown = slowdown;
  check.low = slowdown - 0.05;
  check.high = slowdown + 0.05;
  check.verdict = verdict;
  return check;
}

}  // namespace

TEST_CASE("slices are one sentence that names those that failed") {
  Gate gate;
  gate.slice_checks = {slices()};
  CHECK(sentences(gate) ==
        std::vector<std::string>{
            "FAIL top-1 of b (tonight) by category: 1 of 4 shown to be down by more than 5.0 points: "
            "Juice (80 queries) down 22.5; 1 shown to be within; undecided: Milk (90 queries); 1 with "
            "too few queries to pass (fewer than 59)"});
  CHECK(lines(gate, Slices::each).size() == 4);
  CHECK(gate.verdict() == Verdict::fail);
}

TEST_CASE("a speed is told with its repeats, or why it cannot be compared") {
  Gate gate;
  gate.speed_checks = {speed(0.2, Verdict::fail), speed(-0.2, Verdict::pass), speed(0.1, Verdict::undecided)};
  gate.speed_checks.push_back(gate.speed_checks[2]);
  gate.speed_checks[3].doubt = "its speed was not measured; evaluate it with --speed";
  const auto said = sentences(gate);
  CHECK(said[0] ==
        "FAIL images per second of b (tonight): 20 after 25, 20 % slower (repeats: 15 % to 25 % slower), "
        "limit 10 %");
  CHECK(said[1] ==
        "PASS images per second of b (tonight): 20 after 25, 20 % faster (repeats: 25 % to 15 % faster), "
        "limit 10 %");
  CHECK(said[2].ends_with(", limit 10 %. The repeats differ too much: measure on a quiet machine"));
  CHECK(said[3] ==
        "UNDECIDED images per second of b (tonight): cannot be compared: its speed was not measured; evaluate "
        "it with --speed");
  CHECK(lines(gate)[0].name == "images_per_second is slower by at most 0.1");
  CHECK(lines(gate)[0].kind == CheckKind::slowdown);
}

TEST_CASE("an absolute speed is told with its repeats and its limit") {
  Gate gate;
  gate.speed_limits = {{"b", "tonight", "image_ms_p95", 25, {31.24, 30.1, 33}, {}, Verdict::fail},
                       {"b", "tonight", "images_per_second", 40, {40.5, 39, 42}, {}, Verdict::undecided},
                       {"b", "tonight", "images_per_second", 40, {}, "not measured", Verdict::undecided}};
  const auto said = sentences(gate);
  CHECK(said[0] ==
        "FAIL 95th percentile of the time of a photo of b (tonight): 31.2 (repeats: 30.1 to 33), limit at most 25");
  CHECK(said[1] ==
        "UNDECIDED images per second of b (tonight): 40.5 (repeats: 39 to 42), limit at least 40. The repeats are on "
        "both sides: measure on a quiet machine");
  CHECK(said[2] == "UNDECIDED images per second of b (tonight): cannot be judged: not measured");
  CHECK(lines(gate)[0].name == "image_ms_p95 is at most 25");
  CHECK(lines(gate)[1].name == "images_per_second is at least 40");
  CHECK(lines(gate)[0].kind == CheckKind::speed);
  CHECK(gate.verdict() == Verdict::fail);
}

TEST_CASE("drift is told with its distance and p") {
  Gate gate;
  DriftCheck check{"b", "tonight", 0.1, 240, 250, 0.2134, 1e-5, 2e-5};
  check.verdict = Verdict::fail;
  gate.drift_checks = {check};
  CHECK(sentences(gate) == std::vector<std::string>{
                               "FAIL drift of the best scores of b (tonight): 0.213 between 240 queries and 250 of the "
                               "baseline (Kolmogorov-Smirnov, p=2e-05), limit 0.1"});
}

TEST_CASE("the page shows every verdict of the gate") {
  Page page;
  page.comparison = {"a", {{example_report("a", 0.5), {}, "old"}, {example_report("b", 0.25), {}, "new"}}};
  page.comparison.gate = Gate{};
  page.comparison.gate->slice_checks = {slices()};
  CHECK(to_html(page).find("<li class=\"down\">FAIL top-1 of b (tonight) by category: 1 of 4") != std::string::npos);
}

TEST_CASE("a slowdown compares medians, and the ends of both spreads") {
  const auto& rate = find_speed_measure("images_per_second", "--max-slowdown");
  const auto& time = find_speed_measure("search_ms_p95", "--max-slowdown");
  const auto fell = slowdown(rate, {100, 90, 110}, {50, 45, 60}), rose = slowdown(time, {10, 8, 12}, {20, 18, 24});
  CHECK(fell.median == 0.5);
  CHECK(fell.low == 1 - 60. / 90);
  CHECK(fell.high == 1 - 45. / 110);
  CHECK(rose.median == 1);
  CHECK(rose.low == 0.5);
  CHECK(rose.high == 2);
}
