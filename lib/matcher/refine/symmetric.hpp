// Symmetric matrices in double, as sums of outer products.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace matcher::refine {

/// A symmetric matrix [d, d], of which the lower triangle of the column-major form is used.
struct Symmetric {
  std::vector<double> values;
  std::size_t d = 0;

  explicit Symmetric(std::size_t dimension) : values(dimension * dimension), d(dimension) {}
  double& diagonal(std::size_t i) { return values[i * d + i]; }
  double trace() const;
  Symmetric& operator+=(const Symmetric& other);
  Symmetric& operator*=(double factor);
  /// Adds `factor` times the sum of the outer products of rows [k, d] with themselves, by BLAS on one thread.
  void add_outer(std::span<const double> rows, double factor);
};

}  // namespace matcher::refine
