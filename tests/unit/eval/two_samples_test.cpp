#include "matcher/eval/two_samples.hpp"

#include <catch2/catch_test_macros.hpp>

#include "unit/eval/statistics.hpp"

using namespace matcher::eval;

TEST_CASE("distances of two samples and their p are those of scipy") {
  for (const auto& row : test::fixture("two_samples.json")) {
    const auto a = row.at("a").get<std::vector<double>>(), b = row.at("b").get<std::vector<double>>();
    const auto found = test_same_distribution(a, b), other_way = test_same_distribution(b, a);
    CAPTURE(a.size(), b.size());
    CHECK(found.distance == Catch::Approx(row.at("distance").get<double>()).epsilon(1e-12));
    CHECK(found.distance == other_way.distance);
    CHECK(found.p == other_way.p);
    if (!row.at("p").is_null()) CHECK(found.p == Catch::Approx(row.at("p").get<double>()).epsilon(1e-9).margin(1e-14));
  }
}

TEST_CASE("large samples have the p of the limit, close to the exact one") {
  std::vector<double> a(4000), b(4000);
  for (std::size_t i = 0; i < a.size(); ++i) a[i] = double(i), b[i] = double(i) + 120;
  const auto large = test_same_distribution(a, b);
  CHECK(large.distance == Catch::Approx(0.03));
  CHECK(large.p == Catch::Approx(0.054645).epsilon(1e-3));  // scipy.special.kolmogorov(0.03 * sqrt(2000))
  a.resize(3000), b.resize(3000);
  for (std::size_t i = 0; i < b.size(); ++i) b[i] = double(i) + 90;
  CHECK(test_same_distribution(a, b).p ==
        Catch::Approx(0.1340).epsilon(0.02));  // exact; the limit of sqrt(1500) * 0.03
}

TEST_CASE("equal samples, and empty ones, are not shown to differ") {
  const std::vector<double> some{0.5, 0.25, 0.75}, none;
  CHECK(test_same_distribution(some, some).distance == 0);
  CHECK(test_same_distribution(some, some).p == 1);
  CHECK(test_same_distribution(some, none).p == 1);
  CHECK(test_same_distribution(none, none).distance == 0);
}

TEST_CASE("samples that do not overlap have a distance of 1 and a tiny p") {
  std::vector<double> low(400, 0.1), high(400, 0.9);
  const auto apart = test_same_distribution(low, high);
  CHECK(apart.distance == 1);
  CHECK(apart.p == 1e-15);
}
