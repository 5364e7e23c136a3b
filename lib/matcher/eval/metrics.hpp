// Metrics of ranked answers: pure functions on plain data. Definitions as trec_eval's.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace matcher::eval {

/// The answers to one query, best first, as far as they matter here.
struct Ranking {
  std::vector<std::uint8_t> relevant;  ///< 1 where the answer has the query's label
  std::size_t relevant_total = 0;  ///< items of the gallery with that label (itself excluded); 0: label unknown there
};

double hit_at(const Ranking& ranking, std::size_t k);  ///< 1 when one of the first k answers is right, else 0
double reciprocal_rank(const Ranking& ranking);        ///< 1 / rank of the first right answer, 0 without one
double average_precision(const Ranking& ranking);      ///< sum of precision at each right answer / relevant_total

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

/// The metrics the report publishes, in its order: name, value per query, estimate.
struct Metric {
  std::string name;               ///< top1, top5, top10, mrr, map
  std::vector<double> per_query;  ///< of the queries whose label is in the gallery, in their order
  Estimate estimate;
};

/// top-k for each of `ks`, mrr and map over the rankings with relevant_total > 0.
std::vector<Metric> evaluate(std::span<const Ranking> rankings, std::span<const std::size_t> ks);

}  // namespace matcher::eval
