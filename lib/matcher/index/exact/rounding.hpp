// Bounds on the rounding errors of sums in float, from which answers are proven.
#pragma once

#include <cstddef>

#include "matcher/core/matrix.hpp"

namespace matcher::index {

/// Returns the largest relative error of a sum of `terms` products of floats, added in any order, as a share of the sum
/// of their magnitudes. Higham, Accuracy and Stability of Numerical Algorithms, 2nd edition, section 3.1.
double rounding_of_sums(std::size_t terms);

/// Returns the length of the longest row.
double find_largest_length(MatrixView vectors);

}  // namespace matcher::index
