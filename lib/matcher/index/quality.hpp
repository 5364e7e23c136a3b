// Measures the recall and the speed of an index on its own vectors.
#pragma once

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

/// Searches `sample` vectors of the index. Recall compares with exact search, which reads `vectors` once; they are
/// those of the index, in its order. Equal scores are equally good. An exact index is only timed.
Quality measure_quality(const VectorIndex& index, const VectorSource& vectors, std::uint64_t seed,
                        std::size_t sample = 200, Self self = Self::left_out);

}  // namespace matcher::index
