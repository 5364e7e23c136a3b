#include "matcher/eval/fusion.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

#include "matcher/core/error.hpp"

using namespace matcher::eval;
using Catch::Approx;

namespace {

Approx close_to(double value) { return Approx(value).margin(1e-6); }

AnswerList list_of(const nlohmann::json& row) { return {row.at("candidates"), row.at("scores")}; }

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

TEST_CASE("a method of fusion has one name, and others are refused") {
  for (const auto method : {Fusion::score, Fusion::rrf}) CHECK(parse_fusion(name_of(method)) == method);
  CHECK_THROWS_WITH(parse_fusion("foo"), "unknown method \"foo\"; use score or rrf");
}
