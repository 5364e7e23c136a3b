// Row-major matrices of float32: one row per vector, [n, d].
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace matcher {

/// Borrowed rows, [rows, cols].
struct MatrixView {
  const float* data = nullptr;
  std::size_t rows = 0;
  std::size_t cols = 0;

  std::span<const float> row(std::size_t i) const { return {data + i * cols, cols}; }
  MatrixView slice(std::size_t first, std::size_t count) const { return {data + first * cols, count, cols}; }
};

/// Owned rows, [rows, cols].
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

/// Computes the inner product in double, in one fixed order, so that it is the same on every machine.
double inner_product(std::span<const float> a, std::span<const float> b);

/// Computes the cosine of the angle between `a` and `b`; 0 if one of them is zero, or if their lengths differ.
double cosine(std::span<const float> a, std::span<const float> b);

/// False if a number is NaN or infinite.
bool is_finite(std::span<const float> row);

/// Scales `row` to unit length in place. Leaves a row of zeros unchanged and returns false.
bool normalise(std::span<float> row);

/// Copies `vectors` with rows scaled to unit length.
Matrix normalised(MatrixView vectors);

}  // namespace matcher
