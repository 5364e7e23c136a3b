#include "matcher/core/matrix.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace matcher {

double inner_product(std::span<const float> a, std::span<const float> b) {
  constexpr std::size_t lanes = 8;  // independent partial sums let the compiler vectorise without reordering
  std::array<double, lanes> sums{};
  std::size_t i = 0;
  for (; i + lanes <= a.size(); i += lanes) {
    for (std::size_t lane = 0; lane < lanes; ++lane) sums[lane] += double(a[i + lane]) * double(b[i + lane]);
  }
  for (; i < a.size(); ++i) sums[0] += double(a[i]) * double(b[i]);
  return std::accumulate(sums.begin(), sums.end(), 0.0);
}

double cosine(std::span<const float> a, std::span<const float> b) {
  if (a.size() != b.size()) return 0;
  const double norms = std::sqrt(inner_product(a, a) * inner_product(b, b));
  return norms > 0 ? inner_product(a, b) / norms : 0;
}

bool is_finite(std::span<const float> row) {
  return std::all_of(row.begin(), row.end(), [](float value) { return std::isfinite(value); });
}

bool normalise(std::span<float> row) {
  const double norm = std::sqrt(inner_product(row, row));
  if (norm == 0.0) return false;
  std::transform(row.begin(), row.end(), row.begin(), [norm](float v) { return float(v / norm); });
  return true;
}

Matrix normalised(MatrixView vectors) {
  Matrix unit(vectors.rows, vectors.cols);
  std::copy_n(vectors.data, vectors.rows * vectors.cols, unit.data.begin());
  for (std::size_t i = 0; i < unit.rows; ++i) normalise(unit.row(i));
  return unit;
}

}  // namespace matcher
