#include "matcher/eval/ranking.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>

using namespace matcher::eval;
using Catch::Approx;

namespace {

Approx close_to(double value) { return Approx(value).margin(1e-6); }

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

TEST_CASE("precision divides by k, also when fewer answers were kept; recall by all right ones") {
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

TEST_CASE("nDCG is 1 for the best possible order") {
  CHECK(ndcg({{1, 1}, 2}) == close_to(1));
  CHECK(ndcg({{0, 1}, 1}) == close_to(1 / std::log2(3)));
  CHECK(ndcg({{1}, 2}) == close_to(1 / (1 + 1 / std::log2(3))));
  CHECK(ndcg_at({{1, 0}, 2}, 1) == close_to(1));
  CHECK(ndcg_at({{0, 1}, 2}, 1) == 0);
  CHECK(ndcg_at({{1}, 2}, 0) == 0);
  CHECK(ndcg({{0}, 0}) == 0);
}
