// Compares every vector of some rows: exact search behind a filter.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "matcher/index/candidate_index.hpp"

namespace matcher::index {

class KeptRows {
 public:
  using Reader = std::function<std::span<const float>(std::uint32_t)>;
  /// Copies the vectors [d] of `rows`.
  KeptRows(std::vector<std::uint32_t> rows, std::size_t d, const Reader& vector_of);

  /// Returns candidates as CandidateIndex::candidates() does, with the rows of the whole index.
  std::vector<Candidate> find(MatrixView queries, std::size_t count) const;

 private:
  std::vector<std::uint32_t> rows_;
  Matrix vectors_;
};

}  // namespace matcher::index
