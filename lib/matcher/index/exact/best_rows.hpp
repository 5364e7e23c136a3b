// The search that compares every vector. Internal to the layer.
#pragma once

#include <cstddef>
#include <vector>

#include "matcher/index/exact/certified.hpp"

namespace matcher::index {

/// For each query the `count` rows of `vectors` with the largest inner products, the largest first, one query after the
/// other [queries * count]; where there are fewer rows, the last of each are none. Computed in float, on all threads.
std::vector<Candidate> best_rows(MatrixView queries, MatrixView vectors, std::size_t count);

}  // namespace matcher::index
