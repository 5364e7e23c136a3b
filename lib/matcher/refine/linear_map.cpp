#include "matcher/refine/linear_map.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "matcher/core/error.hpp"
#include "matcher/refine/algebra/fortran.hpp"

namespace matcher::refine {
namespace {

// A product adds in an order that may depend on the number of rows, so every product has this many.
constexpr std::size_t rows_per_product = 64;

/// Copies up to rows_per_product rows less the mean; the remaining rows of `out` are zeros.
void put_centred(const LinearMap& map, MatrixView vectors, Matrix& out) {
  std::ranges::fill(out.data, 0.0F);
  for (std::size_t i = 0; i < vectors.rows; ++i)
    std::ranges::transform(vectors.row(i), map.mean, out.row(i).begin(), std::minus<>());
}

/// out [rows, n] = vectors [rows, d] · matrix [d, n]. Fortran sees all three transposed.
void multiply(const Matrix& vectors, const Matrix& matrix, Matrix& out) {
  const int n = int(matrix.cols), rows = int(vectors.rows), d = int(vectors.cols);
  const float factor = 1, keep = 0;
  call_fortran("sgemm_", "N", "N", &n, &rows, &d, &factor, matrix.data.data(), &n, vectors.data.data(), &d, &keep,
               out.data.data(), &n, one_letter, one_letter);
}

void map_block(const LinearMap& map, MatrixView vectors, Matrix& centred, Matrix& product, float* out) {
  put_centred(map, vectors, centred);
  const bool is_identity = map.matrix.rows == 0;
  if (!is_identity) multiply(centred, map.matrix, product);
  auto& result = is_identity ? centred : product;
  for (std::size_t i = 0; i < vectors.rows; ++i) normalise(result.row(i));
  std::copy_n(result.data.begin(), vectors.rows * result.cols, out);
}

}  // namespace

Matrix apply(const LinearMap& map, MatrixView unit) {
  if (unit.cols != map.inputs()) {
    throw Error(ErrorCode::mismatch, fmt::format("a map of {}-d vectors cannot be applied to {}-d vectors; adapt the "
                                                 "model again",
                                                 map.inputs(), unit.cols));
  }
  const OneBlasThread one;
  Matrix mapped(unit.rows, map.outputs()), centred(rows_per_product, unit.cols), product(rows_per_product, mapped.cols);
  for (std::size_t first = 0; first < unit.rows; first += rows_per_product) {
    const auto count = std::min(rows_per_product, unit.rows - first);
    map_block(map, unit.slice(first, count), centred, product, mapped.data.data() + first * mapped.cols);
  }
  return mapped;
}

LinearMap truncate(const LinearMap& map, std::size_t n) {
  LinearMap shorter{map.mean, Matrix(map.matrix.rows, n)};
  for (std::size_t i = 0; i < map.matrix.rows; ++i)
    std::ranges::copy(map.matrix.row(i).first(n), shorter.matrix.row(i).begin());
  return shorter;
}

}  // namespace matcher::refine
