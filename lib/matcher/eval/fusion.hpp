// Fusion of the ranked answers of several models, weights for it, and how far their errors overlap: pure functions.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace matcher::eval {

enum class Fusion { score, rrf };

/// The constant of reciprocal-rank fusion (Cormack, Clarke and Buettcher, SIGIR 2009).
inline constexpr double rrf_k = 60;

/// What one model answered to one query, best first: candidates by number, and their scores.
struct AnswerList {
  std::vector<std::uint32_t> candidates;
  std::vector<float> scores;
};

/// What each of `count` candidates of a query gets of one model: its score, or for rrf 1 / (60 + rank). A candidate the
/// model did not answer with gets the model's last score, which its own is not above; for rrf 0.
std::vector<double> points(const AnswerList& answers, std::size_t count, Fusion method);

/// The candidates of one query: all that some model answered with, in the order of their ids, n of m models.
struct Pool {
  std::vector<std::vector<double>> points;  ///< [m][n]
  std::vector<std::uint8_t> relevant;       ///< [n]: 1 for a right answer
};

/// The weighted sum of the points, [n], rounded to float32 so that sums that differ by their rounding only are equal.
/// Weights are used as they are, one a model.
std::vector<float> fused_scores(const Pool& pool, std::span<const double> weights);

/// Candidates by falling score; equal ones in their own order.
std::vector<std::uint32_t> best_first(std::span<const float> scores);

/// The rank, from 1, of the first right answer of the fused list; 0 without one.
std::size_t fused_rank(const Pool& pool, std::span<const double> weights);

/// Weights of sum 1 and what they reach on the queries they were chosen on.
struct Tuned {
  std::vector<double> weights;
  double top1 = 0, mrr = 0;
};

/// The weights with the best top-1 accuracy, of equal ones the best MRR, then the nearest to equal weights. Up to four
/// models: the grid of step 0.1 (two: 0.05) over the simplex; more: equal weights and each model alone. From the best
/// of these, weight moves between pairs of models in steps of 0.05, 0.02 and 0.01 while that is better. The same for
/// the same input. Throws Error(usage) for no pools.
Tuned tune(std::span<const Pool> pools);

/// Queries two models get right and wrong, by their hits at some k.
struct Overlap {
  std::size_t both_right = 0, only_a = 0, only_b = 0, both_wrong = 0;
  /// Errors of both of all errors of either: 1 for the same errors, 0 for none in common, or none at all.
  double jaccard() const;
};

/// `a` and `b`: 1 where right, else 0, by query. Throws Error(mismatch) for unequal lengths.
Overlap overlap(std::span<const double> a, std::span<const double> b);

/// The best of the models' values of each query, [queries], from [models][queries]: for hits, right in any of them.
std::vector<double> ceiling(std::span<const std::vector<double>> values);

}  // namespace matcher::eval
