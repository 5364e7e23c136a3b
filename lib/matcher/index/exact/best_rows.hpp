// Finds the best rows by comparing every vector, in float and on all threads.
#pragma once

#include <cstddef>
#include <vector>

#include "matcher/index/candidate_index.hpp"

namespace matcher::index {

/// Returns for each query the `count` rows of `vectors` with the largest inner products, largest first, as
/// [queries.rows, count]. With fewer vectors than `count`, the last candidates of each query have no row.
std::vector<Candidate> find_best_rows(MatrixView queries, MatrixView vectors, std::size_t count);

}  // namespace matcher::index
