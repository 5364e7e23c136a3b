// Searches the nearest other rows of every row, batch by batch.
#pragma once

#include <cstddef>

#include "matcher/core/matrix.hpp"
#include "matcher/core/observer.hpp"
#include "matcher/eval/neighbours.hpp"

namespace matcher::pipeline {

/// The `k` rows of `unit` [n, d] nearest to each row of `queries` [n, d], which may be `unit` itself, without the row
/// of the same number. Exact. Memory: n·k neighbours. Reports rows to the observer as `stage`.
eval::Neighbours find_nearest(Observer& observer, const char* stage, MatrixView unit, MatrixView queries,
                              std::size_t k);

}  // namespace matcher::pipeline
