#include "matcher/report/tables/cells.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace matcher::report;
using matcher::eval::Estimate;

TEST_CASE("no digit is shown that the interval does not support") {
  const auto around = [](double half) { return Estimate{0.6443, 0.6443 - half, 0.6443 + half}; };
  CHECK(shown("top1", around(0.3)) == "64 %");
  CHECK(shown("top1", around(0.02)) == "64 %");
  CHECK(shown("top1", around(0.004)) == "64.4 %");
  CHECK(shown("top1", around(0.0004)) == "64.43 %");
  CHECK(shown("top1", around(0.000001)) == "64.43 %");
  CHECK(shown("mrr", around(0.02)) == "0.64");
  CHECK(shown("mrr", around(0.004)) == "0.644");
  CHECK(shown("ndcg10", around(0.0004)) == "0.6443");
}

TEST_CASE("an interval without width supports no more than a percent") {
  CHECK(shown("top1", {1, 1, 1}) == "100 %");
  CHECK(shown("map", {0.5, 0.5, 0.5}) == "0.50");
}

TEST_CASE("bounds have the digits of the value") {
  CHECK(shown_interval("top1", {0.6443, 0.6253, 0.6629}) == "63 % to 66 %");
  CHECK(shown_interval("mrr", {0.7347, 0.7190, 0.7500}) == "0.72 to 0.75");
}

TEST_CASE("machines are given every digit") {
  CHECK(exact(0.1) == "0.1");
  CHECK(std::stod(exact(1.0 / 3)) == 1.0 / 3);
}

TEST_CASE("gains have a sign and the digits that their interval supports") {
  CHECK(shown_gain("top1", {0.031, 0.026, 0.037, 0.001, 0.002, 0, ""}) == "+3.1 [+2.6, +3.7] p=0.002");
  CHECK(shown_gain("top1", {-0.001, -0.02, 0.02, 0.9, 1, 0, ""}) == "+0 [-2, +2] p=1, no difference shown");
  CHECK(shown_gain("mrr", {-0.0042, -0.0061, -0.0023, 0.0002, 0.0002, 0, ""}) == "-0.004 [-0.006, -0.002] p=0.0002");
}
