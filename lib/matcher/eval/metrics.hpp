// Metrics of ranked answers: pure functions on plain data. Definitions as trec_eval's.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace matcher::eval {

/// The answers to one query, best first, as far as they matter here.
struct Ranking {
  std::vector<std::uint8_t> relevant;  ///< 1 where the answer has the query's label
  std::size_t relevant_total = 0;  ///< items of the gallery with that label (itself excluded); 0: label unknown there
};

double hit_at(const Ranking& ranking, std::size_t k);        ///< 1 when one of the first k answers is right, else 0
double reciprocal_rank(const Ranking& ranking);              ///< 1 / rank of the first right answer, 0 without one
double average_precision(const Ranking& ranking);            ///< sum of precision at each right answer / relevant_total
double precision_at(const Ranking& ranking, std::size_t k);  ///< right answers among the first k / k
double recall_at(const Ranking& ranking, std::size_t k);     ///< right answers among the first k / relevant_total
double r_precision(const Ranking& ranking);                  ///< both of them at k = relevant_total

/// Normalised discounted cumulative gain (Jarvelin and Kekalainen 2002) with a gain of 1 / log2(rank + 1) for each
/// right answer, over that of the best order there could be; of the first k answers, or of all.
double ndcg_at(const Ranking& ranking, std::size_t k);
double ndcg(const Ranking& ranking);

/// A fraction or mean with its 95 % interval.
struct Estimate {
  double value = 0, low = 0, high = 0;
};

/// Wilson's score interval (1927) for `successes` of `trials`; {0, 0, 1} for no trials.
Estimate wilson(std::size_t successes, std::size_t trials, double confidence = 0.95);

/// Percentile bootstrap of the mean (Efron 1979), resampled over `values`, the same for the same seed on every
/// platform; {0, 0, 1} for no values. Above 50 million draws the normal interval, to which it tends.
Estimate bootstrap_mean(std::span<const double> values, double confidence = 0.95, std::size_t resamples = 1000,
                        std::uint64_t seed = 1);

}  // namespace matcher::eval
