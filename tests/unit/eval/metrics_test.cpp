#include "matcher/eval/metrics.hpp"

#include <array>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <numeric>

using namespace matcher::eval;
using Catch::Approx;

namespace {

const std::array<std::size_t, 3> ks{1, 5, 10};

Approx close_to(double value) { return Approx(value).margin(1e-6); }

struct Case {
  Ranking ranking;
  nlohmann::json expected;
};

std::vector<Case> trec_eval_cases() {
  std::ifstream in(std::string(MATCHER_TEST_DATA) + "/eval/rankings.json");
  std::vector<Case> cases;
  for (const auto& row : nlohmann::json::parse(in)) {
    cases.push_back({{row.at("relevant").get<std::vector<std::uint8_t>>(), row.at("relevant_total")}, row});
  }
  return cases;
}

}  // namespace

TEST_CASE("a hit is a right answer among the first k") {
  const Ranking ranking{{0, 0, 1, 0, 1}, 2};
  CHECK(hit_at(ranking, 0) == 0);
  CHECK(hit_at(ranking, 1) == 0);
  CHECK(hit_at(ranking, 2) == 0);
  CHECK(hit_at(ranking, 3) == 1);
  CHECK(hit_at(ranking, 100) == 1);
  CHECK(hit_at({{}, 2}, 5) == 0);
}

TEST_CASE("the reciprocal rank is that of the first right answer") {
  CHECK(reciprocal_rank({{1, 1}, 2}) == 1);
  CHECK(reciprocal_rank({{0, 0, 0, 1}, 2}) == 0.25);
  CHECK(reciprocal_rank({{0, 0}, 2}) == 0);
  CHECK(reciprocal_rank({{}, 2}) == 0);
}

TEST_CASE("average precision counts the right answers that are missing") {
  CHECK(average_precision({{1, 0, 1}, 2}) == close_to((1.0 + 2.0 / 3) / 2));
  CHECK(average_precision({{1, 0, 1}, 4}) == close_to((1.0 + 2.0 / 3) / 4));
  CHECK(average_precision({{1, 1, 1}, 3}) == 1);
  CHECK(average_precision({{0, 0}, 3}) == 0);
  CHECK(average_precision({{}, 0}) == 0);
}

TEST_CASE("metrics are those of trec_eval") {
  const auto cases = trec_eval_cases();
  REQUIRE(cases.size() == 120);
  for (const auto& [ranking, expected] : cases) {
    if (ranking.relevant_total == 0) continue;
    INFO(expected.dump());
    CHECK(hit_at(ranking, 1) == close_to(expected.at("top1")));
    CHECK(hit_at(ranking, 5) == close_to(expected.at("top5")));
    CHECK(hit_at(ranking, 10) == close_to(expected.at("top10")));
    CHECK(reciprocal_rank(ranking) == close_to(expected.at("mrr")));
    CHECK(average_precision(ranking) == close_to(expected.at("map")));
  }
}

TEST_CASE("the report's metrics are means over the queries whose label is in the gallery") {
  const auto cases = trec_eval_cases();
  std::vector<Ranking> rankings;
  for (const auto& one : cases) rankings.push_back(one.ranking);
  const auto known =
      std::size_t(std::ranges::count_if(rankings, [](const Ranking& r) { return r.relevant_total > 0; }));
  REQUIRE(known < rankings.size());
  const std::vector<std::string> names{"top1", "top5", "top10", "mrr", "map"};
  const auto metrics = evaluate(rankings, ks);
  REQUIRE(metrics.size() == names.size());
  for (std::size_t m = 0; m < names.size(); ++m) {
    double sum = 0;
    for (const auto& one : cases) sum += one.ranking.relevant_total > 0 ? double(one.expected.at(names[m])) : 0;
    INFO(names[m]);
    CHECK(metrics[m].name == names[m]);
    CHECK(metrics[m].per_query.size() == known);
    CHECK(metrics[m].estimate.value == close_to(sum / double(known)));
    CHECK(metrics[m].estimate.low < metrics[m].estimate.value);
    CHECK(metrics[m].estimate.high > metrics[m].estimate.value);
  }
}

TEST_CASE("without a query that can be answered nothing is known") {
  const std::vector<Ranking> rankings{{{0, 0}, 0}};
  for (const auto& metric : evaluate(rankings, ks)) {
    CHECK(metric.per_query.empty());
    CHECK(metric.estimate.value == 0);
    CHECK(metric.estimate.low == 0);
    CHECK(metric.estimate.high == 1);
  }
}
