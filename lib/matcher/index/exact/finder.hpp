// Interface of a faster, less exact search that finds candidates for an index, for example on a GPU.
#pragma once

#include <cstddef>
#include <vector>

#include "matcher/index/candidate_index.hpp"

namespace matcher::index {

class Finder {
 public:
  virtual ~Finder() = default;
  /// True if it can find `count` candidates when `k` answers are wanted.
  virtual bool reaches(std::size_t k, std::size_t count) const = 0;
  /// Finds candidates as CandidateIndex::candidates() does.
  virtual std::vector<Candidate> find(MatrixView queries, std::size_t k, std::size_t count) const = 0;
  /// The largest distance between Candidate::found_by and the final score, for a query of length 1.
  virtual double rounding() const = 0;
};

}  // namespace matcher::index
