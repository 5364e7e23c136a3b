// The mean of a vector and others, which two steps use.
#pragma once

#include <span>
#include <vector>

#include "matcher/core/matrix.hpp"

namespace matcher::refine {

/// Replaces `unit` by the mean of itself and the rows of `others`, scaled to unit length.
inline void mean_with(std::span<float> unit, MatrixView others) {
  std::vector<double> sum(unit.begin(), unit.end());
  for (std::size_t i = 0; i < others.rows; ++i) {
    for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += double(others.row(i)[k]);
  }
  for (std::size_t k = 0; k < sum.size(); ++k) unit[k] = static_cast<float>(sum[k] / double(others.rows + 1));
  normalise(unit);
}

}  // namespace matcher::refine
