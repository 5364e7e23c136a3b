// Maps vectors linearly: what is learnt from a gallery and applied after the network.
#pragma once

#include <cstddef>
#include <vector>

#include "matcher/core/matrix.hpp"

namespace matcher::refine {

/// Takes the mean away, multiplies by the matrix, and scales to unit length.
struct LinearMap {
  std::vector<float> mean;  ///< [d]
  Matrix matrix;            ///< [d, n]; without rows: the identity

  std::size_t inputs() const { return mean.size(); }
  std::size_t outputs() const { return matrix.rows == 0 ? mean.size() : matrix.cols; }
};

/// Maps unit vectors [rows, d] to unit vectors [rows, n]. A row's result does not depend on the other rows. Throws
/// Error(mismatch) for another dimension.
Matrix apply(const LinearMap& map, MatrixView unit);

/// Keeps the first `n` columns of the matrix.
LinearMap truncate(const LinearMap& map, std::size_t n);

}  // namespace matcher::refine
