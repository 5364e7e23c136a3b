#include "matcher/eval/metrics.hpp"

#include <algorithm>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
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

TEST_CASE("the metrics of a query are those of trec_eval") {
  const auto cases = trec_eval_cases();
  REQUIRE(cases.size() == 120);
  for (const auto& [ranking, expected] : cases) {
    if (ranking.relevant_total == 0) continue;
    for (const auto& name : metric_names(expected)) {
      INFO(name << ": " << expected.dump());
      CHECK(metric(name)(ranking) == close_to(expected.at(name)));
    }
  }
}

TEST_CASE("a mean is over the queries whose label is in the gallery") {
  const auto cases = trec_eval_cases();
  std::vector<Ranking> rankings;
  for (const auto& one : cases) rankings.push_back(one.ranking);
  const auto known =
      std::size_t(std::ranges::count_if(rankings, [](const Ranking& r) { return r.relevant_total > 0; }));
  REQUIRE(known < rankings.size());
  for (const auto& name : metric_names(cases[0].expected)) {
    double sum = 0;
    for (const auto& one : cases) sum += one.ranking.relevant_total > 0 ? double(one.expected.at(name)) : 0;
    INFO(name);
    const auto values = values_of(metric(name), rankings);
    const auto estimate = estimate_mean(values, metric(name).unit);
    CHECK(values.size() == known);
    CHECK(estimate.value == close_to(sum / double(known)));
    CHECK(estimate.low < estimate.value);
    CHECK(estimate.high > estimate.value);
  }
}

TEST_CASE("a share has Wilson's interval, a mean the bootstrap's; groups are always drawn") {
  const std::vector<double> values{1, 0, 0};
  const std::vector<std::uint32_t> groups{0, 0, 1};
  CHECK(estimate_mean(values, Unit::share).low == wilson(1, 3).low);
  CHECK(estimate_mean(values, Unit::mean).low == bootstrap_mean(values).low);
  CHECK(estimate_mean(values, Unit::share, groups).high == bootstrap_mean(values, groups).high);
}

TEST_CASE("without an answerable query a metric may have any value") {
  const std::vector<Ranking> rankings{{{0, 0}, 0}};
  for (const char* name : {"top1", "ndcg"}) {
    const auto values = values_of(metric(name), rankings);
    CHECK(values.empty());
    const auto estimate = estimate_mean(values, metric(name).unit);
    CHECK(estimate.value == 0);
    CHECK(estimate.low == 0);
    CHECK(estimate.high == 1);
  }
}

TEST_CASE("a metric knows its title, its k and its unit") {
  const auto title = [](const char* name) { return metric(name).title; };
  CHECK(title("top5") == "top-5");
  CHECK(title("precision10") == "precision@10");
  CHECK(title("recall1") == "recall@1");
  CHECK(title("rprec") == "R-precision");
  CHECK(title("mrr") == "MRR");
  CHECK(title("map") == "mAP");
  CHECK(title("ndcg") == "nDCG");
  CHECK(title("ndcg10") == "nDCG@10");
  CHECK(metric("ndcg10").k == 10);
  CHECK(metric("ndcg").k == 0);
  CHECK(metric("top3").unit == Unit::share);
  CHECK(metric("recall3").unit == Unit::mean);
}

TEST_CASE("unknown metrics are refused, and the known ones named") {
  for (const char* name : {"", "top", "top0", "top05", "top1x", "tpo1", "mrr10", "map5", "rprec5", "precision",
                           "recall", "ndcg0", "top99999999999999999999"}) {
    INFO(name);
    CHECK_THROWS_WITH(metric(name), "unknown metric \"" + std::string(name) +
                                        "\"; use ndcg, rprec, mrr, map, or with a k such as 10: top10, precision10, "
                                        "recall10, ndcg10");
  }
  CHECK_THROWS_WITH(metric("top-1"), "unknown metric \"top-1\"; did you mean \"top1\"?");
  CHECK_THROWS_WITH(metric("R-precision"), Catch::Matchers::StartsWith("unknown metric \"R-precision\"; use ndcg, "));
  CHECK_THROWS_WITH(metric("MRR"), "unknown metric \"MRR\"; did you mean \"mrr\"?");
  const std::vector<std::string> twice{"top1", "mrr", "top1"};
  CHECK_THROWS_WITH(metrics(twice), "metric \"top1\" is given twice; name it once");
}
