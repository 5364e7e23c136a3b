#include "matcher/eval/open_set.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <random>

using namespace matcher::eval;
using Catch::Approx;

namespace {

const std::vector<KnownQuery> known{{0.9, true}, {0.8, false}, {0.7, true}, {0.5, true}, {0.5, false}};
const std::vector<double> unknown{0.85, 0.6, 0.5, 0.25};

std::vector<double> uniform_scores(std::size_t n, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<double> scores(n);
  for (auto& score : scores) score = float(random() >> 40) / float(1 << 24);
  return scores;
}

/// Normal scores of photos, half of whose variance is that of their product.
struct Photos {
  std::vector<double> scores;
  std::vector<std::uint32_t> products;
};

Photos photos_of_products(std::size_t n, std::size_t products, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal(0, std::sqrt(0.5));
  std::vector<double> means(products);
  for (auto& mean : means) mean = normal(random);
  Photos photos;
  for (std::size_t i = 0; i < n; ++i) {
    photos.products.push_back(std::uint32_t(i % products));
    photos.scores.push_back(float(means[i % products] + normal(random)));
  }
  return photos;
}

}  // namespace

TEST_CASE("an operating point counts who reaches the threshold") {
  const auto point = operating_point(known, unknown, 0.6);
  CHECK(point.false_alarms == Approx(2.0 / 4));
  CHECK(point.accepted == Approx(3.0 / 5));
  CHECK(point.detected == Approx(2.0 / 5));
  CHECK(operating_point({}, {}, 0.5).accepted == 0);
}

TEST_CASE("the curve goes from no false alarm to all") {
  const auto curve = detection_curve(known, unknown);
  REQUIRE(curve.size() == 5);
  CHECK(curve.front().false_alarms == 0);
  CHECK(curve.front().accepted == Approx(1.0 / 5));
  CHECK(curve.back().false_alarms == 1);
  CHECK(curve.back().detected == Approx(3.0 / 5));
  for (std::size_t i = 1; i < curve.size(); ++i) CHECK(curve[i].false_alarms >= curve[i - 1].false_alarms);
  const auto many = detection_curve(known, uniform_scores(5000, 1), 100);
  CHECK(many.size() <= 101);
  CHECK(many.back().false_alarms == 1);
  CHECK(detection_curve(known, {}).empty());
}

TEST_CASE("the area under the curve counts pairs, ties half") {
  // sklearn.metrics.roc_auc_score([1]*5 + [0]*4, [.9, .8, .7, .5, .5, .85, .6, .5, .25]) is 0.65.
  CHECK(area_under_curve(known, unknown) == Approx(0.65));
  CHECK(area_under_curve(known, {}) == 0.5);
}

TEST_CASE("a threshold lets the wanted share of unknown queries pass, ties kept out") {
  const auto scores = uniform_scores(1000, 2);
  for (const double wanted : {0.001, 0.01, 0.05, 0.5}) {
    const auto threshold = threshold_for(scores, wanted);
    const auto alarms = operating_point({}, scores, threshold.value).false_alarms;
    CHECK(alarms <= wanted);
    CHECK(alarms >= wanted - 0.0011);
    CHECK(threshold.low <= threshold.value);
    CHECK(threshold.value <= threshold.high);
  }
  const std::vector<double> tied{0.5, 0.5, 0.5, 0.25};
  CHECK(operating_point({}, tied, threshold_for(tied, 0.5).value).false_alarms == 0);
  CHECK(threshold_for(tied, 0.5).value > 0.5);
}

TEST_CASE("the interval of a threshold holds the true one 95 times of 100") {
  constexpr int trials = 400;
  int held = 0;
  for (int trial = 0; trial < trials; ++trial) {
    const auto threshold = threshold_for(uniform_scores(1000, std::uint64_t(trial + 10)), 0.05);
    held += threshold.low <= 0.95 && 0.95 <= threshold.high;
  }
  CHECK(held >= 0.93 * trials);
  CHECK(held <= 0.995 * trials);
}

TEST_CASE("too few unknown queries leave a threshold without a bound") {
  CHECK(unknown_queries_needed(0.01) == 368);
  CHECK(unknown_queries_needed(0.05) == 72);
  CHECK(std::isinf(threshold_for(uniform_scores(367, 3), 0.01).high));
  CHECK(std::isfinite(threshold_for(uniform_scores(368, 3), 0.01).high));
  CHECK(std::isinf(threshold_for(unknown, 0.01).high));
}

TEST_CASE("the interval of a threshold holds the true one where photos share products") {
  constexpr double truth = 2.3263;  // the 99 % quantile of a standard normal
  constexpr int trials = 200;
  int held = 0, held_by_query = 0;
  for (int trial = 0; trial < trials; ++trial) {
    const auto [scores, products] = photos_of_products(2430, 81, std::uint64_t(trial + 1));
    const auto threshold = threshold_for(scores, 0.01, products), by_query = threshold_for(scores, 0.01);
    held += threshold.low <= truth && truth <= threshold.high;
    held_by_query += by_query.low <= truth && truth <= by_query.high;
    CHECK(threshold.value == by_query.value);
  }
  CHECK(held >= 0.87 * trials);
  CHECK(held_by_query <= 0.75 * trials);
}

TEST_CASE("a product per query, and one product for all, are the ends") {
  const auto scores = uniform_scores(1000, 4);
  std::vector<std::uint32_t> each(1000), one(1000);
  for (std::uint32_t i = 0; i < 1000; ++i) each[i] = i;
  const auto alone = threshold_for(scores, 0.05), apart = threshold_for(scores, 0.05, each);
  CHECK(apart.low == alone.low);
  CHECK(apart.high == alone.high);
  const auto few = photos_of_products(300, 3, 1);
  CHECK(std::isinf(threshold_for(few.scores, 0.05, few.products).high));
  CHECK(std::isfinite(threshold_for(few.scores, 0.05).high));
  CHECK(count_products(each) == 1000);
  CHECK(count_products({}) == 0);
}

TEST_CASE("shares are drawn by product") {
  std::vector<double> values(100);
  std::vector<std::uint32_t> products(100);
  for (std::uint32_t i = 0; i < 100; ++i) {
    products[i] = i / 10;
    values[i] = i < 50;  // five products are right, five wrong
  }
  const auto share = share_of(values, products), by_query = share_of(values, {});
  CHECK(share.value == 0.5);
  CHECK(share.high - share.low > 2 * (by_query.high - by_query.low));
  CHECK(by_query.low == Approx(wilson(50, 100).low));
  CHECK(share_of(std::vector<double>(100, 0.0), products).high == Approx(wilson(0, 10).high));
}
