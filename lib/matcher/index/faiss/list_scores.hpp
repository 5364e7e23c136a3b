// Scores single rows exactly as an IVF index's own search does.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "matcher/index/candidate_index.hpp"

namespace faiss {
struct IndexIVF;
}

namespace matcher::index {

class ListScores {
 public:
  /// Notes the place of each row, 8 bytes per row. The index must outlive this object, and not change.
  explicit ListScores(const faiss::IndexIVF& ivf);

  /// Replaces the score of each candidate by that of the index's own kernel, to the bit, if the search visits `lists`
  /// [probes], whose centroids have the scores `coarse`. A row of another list gets NaN.
  void rescore(std::span<const float> query, std::span<const std::int64_t> lists, std::span<const float> coarse,
               std::span<Candidate> candidates) const;

  /// The largest distance between two sums of a score, in any order of adding, for a query of length 1.
  double rounding() const { return rounding_; }

 private:
  const faiss::IndexIVF& ivf_;
  std::vector<std::uint64_t> places_;  ///< list and offset of each row, joined as FAISS does
  double rounding_ = 0;
};

}  // namespace matcher::index
