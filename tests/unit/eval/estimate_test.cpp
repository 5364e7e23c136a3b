#include "matcher/eval/estimate.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <cmath>

#include "matcher/core/error.hpp"
#include "matcher/eval/paired.hpp"
#include "unit/eval/statistics.hpp"

using namespace matcher::eval;
using namespace matcher::eval::test;
using Catch::Approx;

TEST_CASE("Wilson's interval is that of statsmodels") {
  for (const auto& row : fixture("wilson.json")) {
    INFO(row.dump());
    const auto found = wilson(row.at("successes"), row.at("trials"), row.at("confidence"));
    CHECK(found.value == close_to(row.at("successes").get<double>() / row.at("trials").get<double>()));
    CHECK(found.low == close_to(row.at("low")));
    CHECK(found.high == close_to(row.at("high")));
  }
}

TEST_CASE("Wilson's interval stays within 0 and 1") {
  for (std::size_t n : {1, 2, 3, 7, 100, 1000000}) {
    CHECK(wilson(0, n).low == 0);
    CHECK(wilson(n, n).high == 1);
    CHECK(wilson(0, n).high < 1);
    CHECK(wilson(n, n).low > 0);
  }
  CHECK(wilson(0, 0).low == 0);
  CHECK(wilson(0, 0).high == 1);
}

TEST_CASE("the bootstrap is near scipy's") {
  for (const auto& row : fixture("bootstrap.json")) {
    const auto values = row.at("values").get<std::vector<double>>();
    const auto found = bootstrap_mean(values, 0.95, 20000);
    const double noise = 0.1 * row.at("error").get<double>();  // of a quantile of 20000 draws: 0.02 standard errors
    CHECK(found.value == close_to(row.at("mean")));
    CHECK(found.low == Approx(double(row.at("low"))).margin(noise));
    CHECK(found.high == Approx(double(row.at("high"))).margin(noise));
  }
}

TEST_CASE("the bootstrap is the same for the same seed") {
  const auto values = random_values(500, 3);
  const auto first = bootstrap_mean(values), again = bootstrap_mean(values),
             other = bootstrap_mean(values, 0.95, 1000, 2);
  CHECK(first.low == again.low);
  CHECK(first.high == again.high);
  CHECK(first.low != other.low);
}

TEST_CASE("the bootstrap is the same on every platform") {
  const std::vector<double> values{0, 0.25, 0.5, 1, 1, 0.125, 0, 0.75};
  const auto found = bootstrap_mean(values, 0.95, 1000, 1);
  CHECK(found.low == 0.203125);  // as a second implementation of the generator and of the percentiles gives them
  CHECK(found.high == 0.71875);
}

TEST_CASE("the bootstrap of few and of equal values") {
  CHECK(bootstrap_mean({}).high == 1);
  const std::vector<double> one{0.3}, equal(20, 0.3);
  for (const auto& found : {bootstrap_mean(one), bootstrap_mean(equal)}) {
    CHECK(found.value == close_to(0.3));
    CHECK(found.low == close_to(0.3));
    CHECK(found.high == close_to(0.3));
  }
}

TEST_CASE("a million values take seconds, by the normal interval that the bootstrap tends to") {
  const auto values = random_values(1000000, 4);
  const auto start = std::chrono::steady_clock::now();
  const auto large = bootstrap_mean(values);
  const auto gain = paired_gain(values, random_values(1000000, 5));
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(10));
  CHECK(large.high - large.low == Approx(2 * 1.959964 / std::sqrt(12e6)).epsilon(0.01));
  CHECK(gain.low < gain.value);
  CHECK(gain.high > gain.value);
  const auto below = bootstrap_mean(std::span(values).first(50000)),
             above = bootstrap_mean(std::span(values).first(50001));
  CHECK(below.low == Approx(above.low).margin(2e-4));
  CHECK(below.high == Approx(above.high).margin(2e-4));
}
