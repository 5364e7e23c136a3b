// Row-major matrices of float32: one row a vector, [n, d].
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace matcher {

/// Somebody else's rows, [rows, cols].
struct MatrixView {
  const float* data = nullptr;
  std::size_t rows = 0;
  std::size_t cols = 0;

  std::span<const float> row(std::size_t i) const { return {data + i * cols, cols}; }
  MatrixView slice(std::size_t first, std::size_t count) const { return {data + first * cols, count, cols}; }
};

/// Own rows, [rows, cols].
struct Matrix {
  std::vector<float> data;
  std::size_t rows = 0;
  std::size_t cols = 0;

  Matrix() = default;
  Matrix(std::size_t n, std::size_t d) : data(n * d), rows(n), cols(d) {}
  std::span<float> row(std::size_t i) { return {data.data() + i * cols, cols}; }
  std::span<const float> row(std::size_t i) const { return {data.data() + i * cols, cols}; }
  MatrixView view() const { return {data.data(), rows, cols}; }
};

/// The inner product, summed in double in one fixed order, so that it is the same wherever and however it is computed.
double inner_product(std::span<const float> a, std::span<const float> b);

/// Scales `row` to unit length in place. A row of zeros stays as it is; false is returned.
bool normalise(std::span<float> row);

/// A copy of `vectors` whose rows have unit length.
Matrix normalised(MatrixView vectors);

}  // namespace matcher
