// Answers that are proven: whoever finds candidates may round and break ties as it likes, on whatever device. Internal
// to the layer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "matcher/index/vector_index.hpp"

namespace matcher::index {

struct Candidate {
  Candidate() = default;
  /// Found by the score that counts.
  Candidate(std::int64_t its_row, float its_score) : row(its_row), score(its_score), found_by(its_score) {}
  Candidate(std::int64_t its_row, float its_score, float was_found_by)
      : row(its_row), score(its_score), found_by(was_found_by) {}

  std::int64_t row = -1;  ///< -1: none, so that all rows that can be reached are among the others
  float score = 0;        ///< of an index of codes, the score that counts
  float found_by = 0;     ///< by which the search took it for one of the best
};

/// What FAISS returned, one by one.
std::vector<Candidate> candidates_of(std::span<const float> scores, std::span<const std::int64_t> rows);

/// How far a sum of `terms` products of floats can be from the exact one, in any order of adding, as a share of the sum
/// of their magnitudes: Higham, Accuracy and Stability of Numerical Algorithms, 2nd edition, section 3.1.
double rounding_of_sums(std::size_t terms);

/// The best `k` of `found`, which are the best of all rows by `found_by`; nothing while a row that was not found could
/// be among them. `scores` [found.size()] are those that count, equal ones ordered by `order` [all rows]. It is proven
/// where the best that was not found, at most the worst `found_by` and `rounding`, is below the k-th score; and refuted
/// where a score is farther than `rounding` from its `found_by`.
std::optional<std::vector<Hit>> certified(std::span<const Candidate> found, std::span<const double> scores,
                                          std::span<const std::uint32_t> order, std::size_t k, double rounding);

}  // namespace matcher::index
