#include "matcher/eval/ranking.hpp"

#include <algorithm>
#include <cmath>

namespace matcher::eval {
namespace {

std::size_t right_among(const Ranking& ranking, std::size_t k) {
  const auto end = ranking.relevant.begin() + std::ptrdiff_t(std::min(k, ranking.relevant.size()));
  return std::size_t(std::count(ranking.relevant.begin(), end, 1));
}

/// The gain of a right answer at `rank`, from 1.
double gain_at(std::size_t rank) { return 1 / std::log2(double(rank + 1)); }

double gain_of(const Ranking& ranking, std::size_t k) {
  double sum = 0;
  for (std::size_t i = 0; i < std::min(k, ranking.relevant.size()); ++i) {
    if (ranking.relevant[i]) sum += gain_at(i + 1);
  }
  return sum;
}

/// The gain of `right` right answers in the first places.
double best_gain(std::size_t right) {
  double sum = 0;
  for (std::size_t rank = 1; rank <= right; ++rank) sum += gain_at(rank);
  return sum;
}

double share(double part, std::size_t of) { return of == 0 ? 0.0 : part / double(of); }

}  // namespace

double hit_at(const Ranking& ranking, std::size_t k) { return right_among(ranking, k) > 0; }

double reciprocal_rank(const Ranking& ranking) {
  const auto first = std::ranges::find(ranking.relevant, 1);
  return first == ranking.relevant.end() ? 0.0 : 1.0 / double(first - ranking.relevant.begin() + 1);
}

double average_precision(const Ranking& ranking) {
  double sum = 0;
  std::size_t right = 0;
  for (std::size_t i = 0; i < ranking.relevant.size(); ++i) {
    if (ranking.relevant[i]) sum += double(++right) / double(i + 1);
  }
  return share(sum, ranking.relevant_total);
}

double precision_at(const Ranking& ranking, std::size_t k) { return share(double(right_among(ranking, k)), k); }

double recall_at(const Ranking& ranking, std::size_t k) {
  return share(double(right_among(ranking, k)), ranking.relevant_total);
}

double r_precision(const Ranking& ranking) { return recall_at(ranking, ranking.relevant_total); }

double ndcg_at(const Ranking& ranking, std::size_t k) {
  const auto reachable = std::min(k, ranking.relevant_total);
  return reachable == 0 ? 0.0 : gain_of(ranking, k) / best_gain(reachable);
}

double ndcg(const Ranking& ranking) {
  return ndcg_at(ranking, std::max(ranking.relevant_total, ranking.relevant.size()));
}

}  // namespace matcher::eval
