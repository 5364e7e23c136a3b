// Searches batches of queries in an IVF index.
#pragma once

#include <cstddef>
#include <cstdint>

#include "matcher/core/matrix.hpp"

namespace faiss {
struct IndexIVF;
}

namespace matcher::index {

/// Finds the best `count` rows and their scores, both [n, count], for each query [n, d] in its `probes` nearest lists.
/// Row -1 if there are fewer. The result is that of searching each query alone, but each list is read once for many
/// queries: in large indexes reading takes the time.
void scan_lists(const faiss::IndexIVF& ivf, MatrixView queries, std::size_t probes, std::size_t count, float* scores,
                std::int64_t* rows);

}  // namespace matcher::index
