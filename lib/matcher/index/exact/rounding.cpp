#include "matcher/index/exact/rounding.hpp"

#include <algorithm>
#include <cmath>

namespace matcher::index {

double rounding_of_sums(std::size_t terms) {
  const double unit = double(terms) * 0x1p-24;
  return unit / (1 - unit);
}

double find_largest_length(MatrixView vectors) {
  double largest = 0;
  for (std::size_t i = 0; i < vectors.rows; ++i)
    largest = std::max(largest, inner_product(vectors.row(i), vectors.row(i)));
  return std::sqrt(largest);
}

}  // namespace matcher::index
