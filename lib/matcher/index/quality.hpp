// Measures the recall and the speed of an index on its own vectors.
#pragma once

#include <vector>

#include "matcher/index/vector_index.hpp"
#include "matcher/index/vector_source.hpp"

namespace matcher::index {

struct Quality {
  double recall_at_10 = 1;        ///< share of the exact top 10 that the index answers
  std::size_t sample = 0;         ///< vectors of the index used as queries
  double queries_per_second = 0;  ///< the sample searched as one batch, 10 answers each
};

/// Counts a vector of the sample as an answer to itself, or not.
enum class Self { left_out, counted };

/// Measures recall@10 of any number of settings with the same queries; the exact answers are found once.
class RecallMeter {
 public:
  /// Draws `sample` vectors by `seed` as queries. Borrows `vectors`, those of the index, in its order.
  RecallMeter(const VectorSource& vectors, std::uint64_t seed, std::size_t sample, Self self);

  MatrixView queries() const { return queries_.view(); }
  /// Returns the recall of each query: the share of its exact top 10 that the index answers. Equal scores are equally
  /// good.
  std::vector<double> recalls(const VectorIndex& index) const;

 private:
  bool leaves_out(std::size_t query, std::size_t row) const { return self_ == Self::left_out && row == rows_[query]; }
  void add(std::size_t first, MatrixView block);

  const VectorSource& vectors_;
  const std::vector<std::size_t> rows_;
  const Matrix queries_;
  const Self self_;
  std::vector<std::vector<float>> best_;  ///< the 10 largest scores of each query, the largest first
};

/// Searches `sample` vectors of the index. Recall compares with exact search, which reads `vectors` once; they are
/// those of the index, in its order. Equal scores are equally good. An exact index is only timed.
Quality measure_quality(const VectorIndex& index, const VectorSource& vectors, std::uint64_t seed,
                        std::size_t sample = 200, Self self = Self::left_out);

}  // namespace matcher::index
