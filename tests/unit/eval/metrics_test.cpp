#include "matcher/eval/measures.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers.hpp>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

using namespace matcher::eval;
using Catch::Approx;

namespace {

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

std::vector<std::string> metric_names(const nlohmann::json& row) {
  std::vector<std::string> names;
  for (const auto& [key, value] : row.items()) {
    if (!key.starts_with("relevant")) names.push_back(key);
  }
  return names;
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

TEST_CASE("precision divides by k, also when fewer answers were kept; recall by what there is") {
  const Ranking ranking{{1, 0, 1}, 4};
  CHECK(precision_at(ranking, 1) == 1);
  CHECK(precision_at(ranking, 3) == close_to(2.0 / 3));
  CHECK(precision_at(ranking, 10) == close_to(0.2));
  CHECK(recall_at(ranking, 1) == 0.25);
  CHECK(recall_at(ranking, 3) == 0.5);
  CHECK(recall_at(ranking, 10) == 0.5);
  CHECK(precision_at(ranking, 0) == 0);
  CHECK(recall_at({{}, 0}, 5) == 0);
}

TEST_CASE("R-precision looks at as many answers as there are right ones") {
  CHECK(r_precision({{1, 0, 1, 1}, 2}) == 0.5);
  CHECK(r_precision({{1}, 4}) == 0.25);
  CHECK(r_precision({{}, 0}) == 0);
}

TEST_CASE("nDCG is 1 for the best order there could be") {
  CHECK(ndcg({{1, 1}, 2}) == close_to(1));
  CHECK(ndcg({{0, 1}, 1}) == close_to(1 / std::log2(3)));
  CHECK(ndcg({{1}, 2}) == close_to(1 / (1 + 1 / std::log2(3))));
  CHECK(ndcg_at({{1, 0}, 2}, 1) == close_to(1));
  CHECK(ndcg_at({{0, 1}, 2}, 1) == 0);
  CHECK(ndcg_at({{1}, 2}, 0) == 0);
  CHECK(ndcg({{0}, 0}) == 0);
}

TEST_CASE("the metrics of a query are those of trec_eval") {
  const auto cases = trec_eval_cases();
  REQUIRE(cases.size() == 120);
  for (const auto& [ranking, expected] : cases) {
    if (ranking.relevant_total == 0) continue;
    for (const auto& name : metric_names(expected)) {
      INFO(name << ": " << expected.dump());
      CHECK(measure_of(name)(ranking) == close_to(expected.at(name)));
    }
  }
}

TEST_CASE("the metrics of a run are means over the queries whose label is in the gallery") {
  const auto cases = trec_eval_cases();
  std::vector<Ranking> rankings;
  for (const auto& one : cases) rankings.push_back(one.ranking);
  const auto known =
      std::size_t(std::ranges::count_if(rankings, [](const Ranking& r) { return r.relevant_total > 0; }));
  REQUIRE(known < rankings.size());
  const auto names = metric_names(cases[0].expected);
  const auto metrics = evaluate(rankings, measures_of(names));
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

TEST_CASE("a rate has Wilson's interval, a mean the bootstrap's") {
  const std::vector<Ranking> rankings{{{1}, 1}, {{0, 1}, 1}, {{0}, 1}};
  const std::vector<std::string> names{"top1", "mrr"};
  const auto metrics = evaluate(rankings, measures_of(names));
  CHECK(metrics[0].estimate.low == wilson(1, 3).low);
  CHECK(metrics[1].estimate.low == bootstrap_mean(metrics[1].per_query).low);
}

TEST_CASE("without a query that can be answered nothing is known") {
  const std::vector<Ranking> rankings{{{0, 0}, 0}};
  const std::vector<std::string> names{"top1", "ndcg"};
  for (const auto& metric : evaluate(rankings, measures_of(names))) {
    CHECK(metric.per_query.empty());
    CHECK(metric.estimate.value == 0);
    CHECK(metric.estimate.low == 0);
    CHECK(metric.estimate.high == 1);
  }
}

TEST_CASE("what is no metric is refused with those there are") {
  for (const char* name : {"", "top", "top0", "top05", "top1x", "top-1", "tpo1", "mrr10", "map5", "rprec5", "precision",
                           "recall", "ndcg0", "top99999999999999999999"}) {
    INFO(name);
    CHECK_THROWS_WITH(measure_of(name), "there is no metric \"" + std::string(name) +
                                            "\"; there are mrr, map, rprec, ndcg, and with a k such as 10 top10, "
                                            "precision10, recall10 and ndcg10");
  }
  const std::vector<std::string> twice{"top1", "mrr", "top1"};
  CHECK_THROWS_WITH(measures_of(twice), "metric \"top1\" is asked for twice; name it once");
}
