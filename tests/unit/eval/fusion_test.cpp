#include "matcher/eval/fusion.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

#include "matcher/core/error.hpp"

using namespace matcher::eval;
using Catch::Approx;

namespace {

Approx close_to(double value) { return Approx(value).margin(1e-6); }

AnswerList list_of(const nlohmann::json& row) { return {row.at("candidates"), row.at("scores")}; }

/// A query of two candidates, the first of them right, with each model's scores.
Pool pool(std::vector<double> first_model, std::vector<double> second_model) {
  return {{std::move(first_model), std::move(second_model)}, {1, 0}};
}

}  // namespace

TEST_CASE("fused scores are those of ranx") {
  std::ifstream in(std::string(MATCHER_TEST_DATA) + "/eval/fusion.json");
  for (const auto& row : nlohmann::json::parse(in)) {
    INFO(row.dump());
    const auto method = row.at("method") == "rrf" ? Fusion::rrf : Fusion::score;
    const std::vector<double> expected = row.at("scores");
    Pool pool{{}, std::vector<std::uint8_t>(expected.size(), 0)};
    for (const auto& list : row.at("lists")) pool.points.push_back(points(list_of(list), expected.size(), method));
    const auto found = fused_scores(pool, row.at("weights").get<std::vector<double>>());
    REQUIRE(found.size() == expected.size());
    for (std::size_t i = 0; i < found.size(); ++i) CHECK(found[i] == close_to(expected[i]));
  }
}

TEST_CASE("a missing answer gets the last score that is there, or no share of rrf") {
  const AnswerList answers{{2, 0}, {0.9F, 0.4F}};
  CHECK(points(answers, 4, Fusion::score) == std::vector<double>{0.4F, 0.4F, 0.9F, 0.4F});
  CHECK(points(answers, 4, Fusion::rrf) == std::vector<double>{1.0 / 62, 0, 1.0 / 61, 0});
  CHECK(points({}, 2, Fusion::score) == std::vector<double>{0, 0});
}

TEST_CASE("equal scores keep the order of the candidates, also when sums differ by their rounding") {
  CHECK(best_first(std::vector<float>{0.5F, 0.7F, 0.5F, 0.7F}) == std::vector<std::uint32_t>{1, 3, 0, 2});
  const std::vector<double> weights{1, 1, 1};
  const Pool rounding{{{0.1, 0.3}, {0.2, 0.2}, {0.3, 0.1}}, {0, 1}};
  REQUIRE(0.1 + 0.2 + 0.3 != 0.3 + 0.2 + 0.1);
  CHECK(fused_rank(rounding, weights) == 2);
}

TEST_CASE("the fused rank is that of the first right answer") {
  const Pool three{{{0.1, 0.5, 0.4, 0.4}}, {1, 0, 0, 1}};
  const std::vector<double> alone{1};
  CHECK(fused_rank(three, alone) == 3);
  CHECK(fused_rank({{{0.1, 0.5}}, {0, 0}}, alone) == 0);
  CHECK(fused_rank({{{}}, {}}, alone) == 0);
}

TEST_CASE("tuning finds weights that get all right") {
  // Right for a first weight above 0.6098, above 0.5, and below 0.75.
  const std::vector<Pool> pools{pool({0.5, 0.1}, {0.1, 0.725}), pool({0.5, 0.1}, {0.1, 0.5}),
                                pool({0.3, 0.4}, {0.7, 0.4})};
  const auto found = tune(pools);
  CHECK(found.weights == std::vector<double>{0.61, 0.39});
  CHECK(found.top1 == 1);
  CHECK(found.mrr == 1);
}

TEST_CASE("tuning stays with equal weights when nothing is gained") {
  const std::vector<Pool> easy{pool({0.9, 0.1}, {0.8, 0.2})}, hopeless{pool({0.1, 0.9}, {0.2, 0.8})};
  CHECK(tune(easy).weights == std::vector<double>{0.5, 0.5});
  CHECK(tune(hopeless).weights == std::vector<double>{0.5, 0.5});
  CHECK(tune(hopeless).top1 == 0);
  CHECK(tune(hopeless).mrr == 0.5);
}

TEST_CASE("a model that only harms gets nothing") {
  const std::vector<Pool> pools{pool({0.51, 0.50}, {0.0, 1.0})};
  CHECK(tune(pools).weights == std::vector<double>{1, 0});
}

TEST_CASE("tuning takes any number of models") {
  for (const std::size_t models : {1, 3, 5, 7}) {
    Pool only_last{std::vector<std::vector<double>>(models, {0.0, 1.0}), {1, 0}};
    only_last.points.back() = {0.51, 0.50};
    const auto found = tune(std::span(&only_last, 1));
    CHECK(found.top1 == 1);
    CHECK(found.weights.back() > 0.98);
  }
  CHECK_THROWS_AS(tune({}), matcher::Error);
}

TEST_CASE("errors overlap as counted by hand") {
  const std::vector<double> a{1, 1, 0, 0, 0, 1}, b{1, 0, 1, 0, 0, 1};
  const auto found = overlap(a, b);
  CHECK(found.both_right == 2);
  CHECK(found.only_a == 1);
  CHECK(found.only_b == 1);
  CHECK(found.both_wrong == 2);
  CHECK(found.jaccard() == 0.5);
  CHECK(overlap(a, a).jaccard() == 1);
  CHECK(Overlap{3, 0, 0, 0}.jaccard() == 0);
  CHECK_THROWS_AS(overlap(a, std::vector<double>{1}), matcher::Error);
}

TEST_CASE("the ceiling is right where any model is") {
  const std::vector<std::vector<double>> values{{1, 0, 0, 0.5}, {0, 0, 1, 0.25}};
  CHECK(ceiling(values) == std::vector<double>{1, 0, 1, 0.5});
}
