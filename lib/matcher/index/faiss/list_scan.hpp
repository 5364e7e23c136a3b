// Batches of queries in an IVF index. Internal to the layer.
#pragma once

#include <cstddef>
#include <cstdint>

#include "matcher/core/matrix.hpp"

namespace faiss {
struct IndexIVF;
}

namespace matcher::index {

/// The best `count` rows, and their scores, of each query [n, d] within the `probes` lists that are next to it, both
/// [n, count]; row -1 where there are fewer. They are what searching each query by itself finds, but each list is read
/// once for many queries: in large indexes reading is what takes the time.
void scan_lists(const faiss::IndexIVF& ivf, MatrixView queries, std::size_t probes, std::size_t count, float* scores,
                std::int64_t* rows);

}  // namespace matcher::index
