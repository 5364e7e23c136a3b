// The scores that an IVF index's own search gives to single rows. Internal to the layer.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "matcher/index/exact/certified.hpp"

namespace faiss {
struct IndexIVF;
}

namespace matcher::index {

class ListScores {
 public:
  /// Notes where each row lies, 8 bytes a row. The index must outlive it, and not change.
  explicit ListScores(const faiss::IndexIVF& ivf);

  /// Replaces the score of each candidate by that of the index's own kernel, to the bit, where `lists` [probes] are
  /// visited, whose centroids have the scores `coarse`. A row of another list gets NaN.
  void rescore(std::span<const float> query, std::span<const std::int64_t> lists, std::span<const float> coarse,
               std::span<Candidate> candidates) const;

  /// How far two sums of a score can be apart, for a query of length 1, in any order of adding.
  double rounding() const { return rounding_; }

 private:
  const faiss::IndexIVF& ivf_;
  std::vector<std::uint64_t> places_;  ///< of each row: list and offset, as FAISS joins them
  double rounding_ = 0;
};

}  // namespace matcher::index
