#include "matcher/report/tables/cells.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace matcher::report;

TEST_CASE("a metric has one unit and one rounding, whatever its interval") {
  CHECK(shown("top1", 0.6443) == "64.4 %");
  CHECK(shown("top1", 0.125) == "12.5 %");
  CHECK(shown("top1", 1) == "100.0 %");
  CHECK(shown("mrr", 0.6443) == "0.644");
  CHECK(shown("ndcg10", 0.11) == "0.110");
}

TEST_CASE("bounds have the digits of the value") {
  CHECK(shown_interval("top1", {0.6443, 0.6253, 0.6629}) == "62.5 % to 66.3 %");
  CHECK(shown_interval("mrr", {0.7347, 0.7190, 0.7500}) == "0.719 to 0.750");
  CHECK(shown_with_interval("top1", {0.6443, 0.6253, 0.6629}) == "64.4 % [62.5, 66.3]");
}

TEST_CASE("machines are given every digit") {
  CHECK(exact(0.1) == "0.1");
  CHECK(std::stod(exact(1.0 / 3)) == 1.0 / 3);
}

TEST_CASE("gains have a sign and the digits of the values, or one more for tiny ones") {
  CHECK(shown_gain("top1", {0.031, 0.026, 0.037, 0.001, 0.002, 0, ""}) == "+3.1 [+2.6, +3.7] p=0.002");
  CHECK(shown_gain("top1", {-0.0001, -0.02, 0.02, 0.9, 1, 0, ""}) == "+0.0 [-2.0, +2.0] p=1, no difference shown");
  CHECK(shown_gain("top1", {0.0004, 0.0001, 0.0007, 0.01, 0.01, 0, ""}) == "+0.04 [+0.01, +0.07] p=0.01");
  CHECK(shown_gain("mrr", {-0.0042, -0.0061, -0.0023, 0.0002, 0.0002, 0, ""}) == "-0.004 [-0.006, -0.002] p=0.0002");
}
