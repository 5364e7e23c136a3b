#include "matcher/core/matrix.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace matcher {

namespace {

constexpr std::size_t lanes = 8;  // independent partial sums let the processor add several at once
using Lanes [[gnu::vector_size(lanes * sizeof(double))]] = double;
using Floats [[gnu::vector_size(lanes * sizeof(float))]] = float;

[[gnu::always_inline]] inline void load(Floats& loaded, const float* values) {
  std::memcpy(&loaded, values, sizeof loaded);
}

/// A product of two floats is exact in double. So fused and separate multiplication and addition give the same bits.
[[gnu::always_inline]] inline double sum_products(const float* a, const float* b, std::size_t size) {
  Lanes sums{};
  std::size_t i = 0;
  for (; i + lanes <= size; i += lanes) {
    Floats x, y;
    load(x, a + i);
    load(y, b + i);
    sums += __builtin_convertvector(x, Lanes) * __builtin_convertvector(y, Lanes);
  }
  for (; i < size; ++i) sums[0] += double(a[i]) * double(b[i]);
  double sum = 0;
  for (std::size_t lane = 0; lane < lanes; ++lane) sum += sums[lane];
  return sum;
}

using SumProducts = double(const float*, const float*, std::size_t);

double sum_on_any(const float* a, const float* b, std::size_t size) { return sum_products(a, b, size); }

#ifdef __x86_64__
[[gnu::target("avx512f")]] double sum_on_avx512(const float* a, const float* b, std::size_t size) {
  return sum_products(a, b, size);
}
[[gnu::target("avx2,fma")]] double sum_on_avx2(const float* a, const float* b, std::size_t size) {
  return sum_products(a, b, size);
}
SumProducts* find_fastest() {
  if (__builtin_cpu_supports("avx512f")) return sum_on_avx512;
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? sum_on_avx2 : sum_on_any;
}
#else
SumProducts* find_fastest() { return sum_on_any; }
#endif

}  // namespace

double inner_product(std::span<const float> a, std::span<const float> b) {
  static SumProducts* const fastest = find_fastest();
  return fastest(a.data(), b.data(), a.size());
}

double cosine(std::span<const float> a, std::span<const float> b) {
  if (a.size() != b.size()) return 0;
  const double norms = std::sqrt(inner_product(a, a) * inner_product(b, b));
  return norms > 0 ? inner_product(a, b) / norms : 0;
}

bool is_finite(std::span<const float> row) {
  Floats zeros{};  // a number that is not finite, times 0, is not 0
  std::size_t i = 0;
  for (; i + lanes <= row.size(); i += lanes) {
    Floats values;
    load(values, row.data() + i);
    zeros += values * 0.0f;
  }
  float zero = 0;
  for (std::size_t lane = 0; lane < lanes; ++lane) zero += zeros[lane];
  for (; i < row.size(); ++i) zero += row[i] * 0.0f;
  return zero == 0;
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
