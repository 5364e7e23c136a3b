// What an index loses, and how fast it answers, measured on the vectors that it holds.
#pragma once

#include "matcher/index/vector_index.hpp"
#include "matcher/index/vector_source.hpp"

namespace matcher::index {

struct Quality {
  double recall_at_10 = 1;  ///< of the 10 best by exact search, the share that is answered; equal scores are as good
  std::size_t sample = 0;   ///< queries: vectors of the index, each of which finds itself
  double queries_per_second = 0;  ///< the sample searched as one batch, 10 answers each
};

/// By `sample` of its vectors as queries. Exact search goes through `vectors`, those of the index and in its order,
/// once. An exact index is only timed.
Quality measure_quality(const VectorIndex& index, const VectorSource& vectors, std::uint64_t seed,
                        std::size_t sample = 200);

}  // namespace matcher::index
