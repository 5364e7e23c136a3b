// Proves that answers are complete, although the search that found them rounds and breaks ties in its own way.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "matcher/index/candidate_index.hpp"

namespace matcher::index {

/// Pairs the scores and rows that FAISS returned.
std::vector<Candidate> to_candidates(std::span<const float> scores, std::span<const std::int64_t> rows);

/// Returns the best `k` of `found`, or nothing while a row that was not found could be among them. `found` holds the
/// best of all rows by `found_by`. `scores` [found.size()] are the final scores; `order` [all rows] orders equal ones.
///
/// Answers are proven if the best row that was not found stays below the k-th score; its score is at most the worst
/// `found_by` plus `rounding`. They are not proven if a score is farther than `rounding` from its `found_by`.
std::optional<std::vector<Hit>> certify(std::span<const Candidate> found, std::span<const double> scores,
                                        std::span<const std::uint32_t> order, std::size_t k, double rounding);

}  // namespace matcher::index
