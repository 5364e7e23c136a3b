// Measures one ranked list of answers; the definitions are those of trec_eval.
#pragma once

#include <cstdint>
#include <vector>

namespace matcher::eval {

/// The answers to one query, best first: right or wrong.
struct Ranking {
  std::vector<std::uint8_t> relevant;  ///< 1 where the answer has the query's label
  std::size_t relevant_total = 0;      ///< gallery items with that label, the query excluded; 0: unknown label
};

double hit_at(const Ranking& ranking, std::size_t k);        ///< 1 if one of the first k answers is right, else 0
double reciprocal_rank(const Ranking& ranking);              ///< 1 / rank of the first right answer; 0: no right answer
double average_precision(const Ranking& ranking);            ///< sum of precision at each right answer / relevant_total
double precision_at(const Ranking& ranking, std::size_t k);  ///< right answers among the first k / k
double recall_at(const Ranking& ranking, std::size_t k);     ///< right answers among the first k / relevant_total
double r_precision(const Ranking& ranking);                  ///< precision and recall at k = relevant_total

/// Normalised discounted cumulative gain (Jarvelin and Kekalainen 2002) of the first k answers. A right answer gains
/// 1 / log2(rank + 1); the sum is divided by that of the best possible order.
double ndcg_at(const Ranking& ranking, std::size_t k);
double ndcg(const Ranking& ranking);  ///< over all answers

}  // namespace matcher::eval
