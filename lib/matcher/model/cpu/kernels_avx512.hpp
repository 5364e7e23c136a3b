// The kernels over an `Element`, which the including file defines: how values are stored, and how a step of the depth
// is multiplied. Included once by each; everything is local to it, so that no code of this instruction set leaks out.
#pragma once

#include "matcher/model/cpu/functions_avx512.hpp"

namespace matcher::model::cpu {
namespace {

using Value = Element::Value;
constexpr std::int64_t lanes = 16;
static_assert(Element::step * sizeof(Value) == 4);  // a step of one column is 32 bits, which is how panels are packed

/// Which of 16 columns from `column` on are there.
__mmask16 columns_at(std::int64_t column, std::int64_t columns) {
  const auto left = columns - column;
  return left >= lanes ? __mmask16(0xffff) : left <= 0 ? __mmask16(0) : __mmask16((1u << left) - 1);
}

/// out [rows, 32] = a [rows, steps] * panel, all sums in registers.
template <int rows>
[[gnu::always_inline]] inline void tile(const Value* a, std::int64_t stride, const Value* panel, std::int64_t steps,
                                        float* out, std::int64_t out_stride) {
  __m512 sums[rows][2];
#pragma GCC unroll 12
  for (int i = 0; i < rows; ++i) sums[i][0] = sums[i][1] = _mm512_setzero_ps();
  for (std::int64_t s = 0; s < steps; ++s) {
    const auto left = Element::load(panel), right = Element::load(panel + lanes * Element::step);
#pragma GCC unroll 12
    for (int i = 0; i < rows; ++i) {
      const auto factor = Element::broadcast(a + i * stride);
      sums[i][0] = Element::add_product(sums[i][0], factor, left);
      sums[i][1] = Element::add_product(sums[i][1], factor, right);
    }
    panel += panel_columns * Element::step;
    a += Element::step;
  }
#pragma GCC unroll 12
  for (int i = 0; i < rows; ++i) {
    _mm512_store_ps(out + i * out_stride, sums[i][0]);
    _mm512_store_ps(out + i * out_stride + lanes, sums[i][1]);
  }
}

/// The same for up to 12 rows; returns how many were done.
std::int64_t some_rows(std::int64_t rows, const Value* a, std::int64_t stride, const Value* panel, std::int64_t steps,
                       float* out, std::int64_t out_stride) {
  if (rows >= 12) return tile<12>(a, stride, panel, steps, out, out_stride), 12;
  if (rows >= 8) return tile<8>(a, stride, panel, steps, out, out_stride), 8;
  if (rows >= 4) return tile<4>(a, stride, panel, steps, out, out_stride), 4;
  if (rows >= 2) return tile<2>(a, stride, panel, steps, out, out_stride), 2;
  return tile<1>(a, stride, panel, steps, out, out_stride), 1;
}

/// Rows [columns, depth] of 32-bit steps to a panel: step by step, the columns side by side.
void transpose(const Value* rows, std::int64_t stride, std::int64_t columns, std::int64_t steps, Value* panel) {
  for (std::int64_t s = 0; s < steps; ++s, panel += panel_columns * Element::step) {
    for (std::int64_t c = 0; c < columns; ++c)
      __builtin_memcpy(panel + c * Element::step, rows + c * stride + s * Element::step, 4);
    if (columns < panel_columns)
      __builtin_memset(panel + columns * Element::step, 0, std::size_t(panel_columns - columns) * 4);
  }
}

void convert(const float* from, std::int64_t count, void* values) {
  for (std::int64_t i = 0; i < count; i += lanes) {
    const auto which = columns_at(i, count);
    Element::store(static_cast<Value*>(values) + i, _mm512_maskz_loadu_ps(which, from + i), which);
  }
}

void pack(const float* const* columns, std::int64_t depth, void* panel) {
  for (std::int64_t c = 0; c < panel_columns; ++c) {
    for (std::int64_t d = 0; d < depth; d += lanes) {
      alignas(64) Value values[lanes] = {};
      if (columns[c] != nullptr) convert(columns[c] + d, depth - d < lanes ? depth - d : lanes, values);
      for (std::int64_t i = 0; i < lanes && d + i < depth; i += Element::step)
        __builtin_memcpy(static_cast<Value*>(panel) + ((d + i) / Element::step * panel_columns + c) * Element::step,
                         values + i, 4);
    }
  }
}

/// What becomes of 16 sums of one row.
void finish(const Product& product, std::int64_t row, std::int64_t column, const float* sums) {
  const auto which = columns_at(column, product.columns);
  if (which == 0) return;
  const auto at = row * product.columns + column;
  auto value = _mm512_load_ps(sums);
  if (product.bias != nullptr) value = _mm512_add_ps(value, _mm512_maskz_loadu_ps(which, product.bias + column));
  if (product.sum == nullptr)
    return Element::store(static_cast<Value*>(product.values) + at, activated(value, product.activation), which);
  if (product.scale != nullptr) value = _mm512_mul_ps(value, _mm512_maskz_loadu_ps(which, product.scale + column));
  if (product.residual != nullptr) value = _mm512_add_ps(value, _mm512_maskz_loadu_ps(which, product.residual + at));
  _mm512_mask_storeu_ps(product.sum + at, which, value);
}

void multiply(const Product& product, std::int64_t first, std::int64_t last, std::int64_t panel) {
  const auto column = panel * panel_columns, steps = product.depth / Element::step;
  const auto* weights = static_cast<const Value*>(product.weights) + column * product.depth;
  alignas(64) float sums[tile_rows * panel_columns];
  for (std::int64_t row = first, done = 0; row < last; row += done) {
    const auto* a = static_cast<const Value*>(product.a) + row * product.depth;
    done = some_rows(last - row, a, product.depth, weights, steps, sums, panel_columns);
    for (std::int64_t i = 0; i < done; ++i) {
      finish(product, row + i, column, sums + i * panel_columns);
      finish(product, row + i, column + lanes, sums + i * panel_columns + lanes);
    }
  }
}

void norm(const float* x, std::int64_t rows, std::int64_t width, const float* weight, const float* bias, float epsilon,
          void* values) {
  for (std::int64_t row = 0; row < rows; ++row, x += width) {
    auto sum = _mm512_setzero_ps(), squares = sum;
    for (std::int64_t c = 0; c < width; c += lanes)
      sum = _mm512_add_ps(sum, _mm512_maskz_loadu_ps(columns_at(c, width), x + c));
    const auto mean = _mm512_set1_ps(_mm512_reduce_add_ps(sum) / float(width));
    for (std::int64_t c = 0; c < width; c += lanes) {
      const auto which = columns_at(c, width);
      const auto away = _mm512_maskz_sub_ps(which, _mm512_maskz_loadu_ps(which, x + c), mean);
      squares = _mm512_fmadd_ps(away, away, squares);
    }
    const auto variance = _mm512_set1_ps(_mm512_reduce_add_ps(squares) / float(width) + epsilon);
    const auto factor = _mm512_div_ps(_mm512_set1_ps(1), _mm512_sqrt_ps(variance));
    for (std::int64_t c = 0; c < width; c += lanes) {
      const auto which = columns_at(c, width);
      const auto even = _mm512_mul_ps(_mm512_sub_ps(_mm512_maskz_loadu_ps(which, x + c), mean), factor);
      Element::store(
          static_cast<Value*>(values) + row * width + c,
          _mm512_fmadd_ps(even, _mm512_maskz_loadu_ps(which, weight + c), _mm512_maskz_loadu_ps(which, bias + c)),
          which);
    }
  }
}

}  // namespace
}  // namespace matcher::model::cpu

#include "matcher/model/cpu/attention_avx512.hpp"

namespace matcher::model::cpu {
namespace {

constexpr Kernels table{sizeof(Value), Element::step, pack, multiply, norm, convert, scratch_bytes, attend};

}  // namespace
}  // namespace matcher::model::cpu
