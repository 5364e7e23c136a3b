// Fuses the ranked answers of several models, and counts how far their errors overlap: pure functions.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace matcher::eval {

enum class Fusion {
  score,  ///< weighted sum of the scores
  rrf     ///< weighted sum of reciprocal ranks (Cormack, Clarke and Buettcher, SIGIR 2009)
};

/// "score" or "rrf". Throws Error(usage).
Fusion parse_fusion(const std::string& text);
const char* name_of(Fusion method);

/// The constant of reciprocal-rank fusion: the paper's.
inline constexpr double rrf_k = 60;

/// The answers of one model to one query, best first.
struct AnswerList {
  std::vector<std::uint32_t> candidates;  ///< numbers of the candidates
  std::vector<float> scores;
};

/// The points that one model gives to each of `count` candidates: its score, or for rrf 1 / (60 + rank). A candidate
/// that the model did not return gets the model's last score, an upper bound of its own; for rrf 0.
std::vector<double> points(const AnswerList& answers, std::size_t count, Fusion method);

/// The candidates of one query: the n answers that some of m models returned, in the order of their ids.
struct Pool {
  std::vector<std::vector<double>> points;  ///< [m][n]
  std::vector<std::uint8_t> relevant;       ///< [n]; 1: right answer
};

/// The weighted sum of the points, [n], one weight per model. Rounded to float32, so that sums that differ by rounding
/// only are equal.
std::vector<float> fused_scores(const Pool& pool, std::span<const double> weights);

/// Candidates by falling score; equal ones keep their order.
std::vector<std::uint32_t> best_first(std::span<const float> scores);

/// The rank, from 1, of the first right answer of the fused list; 0: no right answer.
std::size_t fused_rank(const Pool& pool, std::span<const double> weights);

/// Numbers of queries that two models answer rightly or wrongly, by their hits at some k.
struct Overlap {
  std::size_t both_right = 0, only_a = 0, only_b = 0, both_wrong = 0;
  /// Common errors / errors of either model: 1 for the same errors, 0 for no common error.
  double jaccard() const;
};

/// `a` and `b`: 1 (right) or 0 per query. Throws Error(mismatch) for unequal lengths.
Overlap overlap(std::span<const double> a, std::span<const double> b);

/// The best of the models' values per query, [queries], from [models][queries].
std::vector<double> ceiling(std::span<const std::vector<double>> values);

}  // namespace matcher::eval
