// Measures how long single searches take.
#pragma once

#include <utility>

#include "matcher/core/matrix.hpp"
#include "matcher/index/vector_index.hpp"

namespace matcher::pipeline {

/// Milliseconds of single searches for 10 answers: the median and the 95th percentile. Searches 20 queries, and up to
/// 200 while all take less than a tenth of a second. Needs at least one query.
std::pair<double, double> search_times(const index::VectorIndex& index, MatrixView queries);

}  // namespace matcher::pipeline
