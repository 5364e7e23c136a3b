// The kernels for an `Element`, which the including file defines: how values are stored, and how a step of the depth is
// multiplied. Include this once per file, after its registers. Everything is local to the file, so that no code with
// its instructions leaks out.
#pragma once

#include "matcher/model/cpu/kernels/functions.hpp"

namespace matcher::model::cpu {
namespace {

using Value = Element::Value;
constexpr std::int64_t lanes = 16;
static_assert(Element::step * sizeof(Value) == 4);  // panels are packed in steps of 32 bits per column

constexpr std::int64_t lesser(std::int64_t a, std::int64_t b) { return a < b ? a : b; }

/// Marks which of the 16 columns from `column` on exist.
Mask columns_at(std::int64_t column, std::int64_t columns) { return first_of(columns - column); }

/// A tile: its rows, the steps to multiply, and the place of the sums.
struct Tile {
  const Value* a;
  std::int64_t stride;
  const Value* panel;
  std::int64_t steps;
  float* out;
  std::int64_t out_stride;
  bool adds;  ///< true: adds to the sums of earlier steps
};

/// Computes out [rows, 32] = a [rows, steps] * panel, with all sums in registers.
template <int rows>
[[gnu::always_inline]] inline void multiply_tile(const Tile& tile) {
  Floats sums[rows][2];
#pragma GCC unroll 12
  for (int i = 0; i < rows; ++i) {
    auto* out = tile.out + i * tile.out_stride;
    sums[i][0] = tile.adds ? Floats::load(out) : Floats::zero();
    sums[i][1] = tile.adds ? Floats::load(out + lanes) : Floats::zero();
  }
  const auto *a = tile.a, *panel = tile.panel;
  for (std::int64_t s = 0; s < tile.steps; ++s) {
    const auto left = Element::load(panel), right = Element::load(panel + lanes * Element::step);
#pragma GCC unroll 12
    for (int i = 0; i < rows; ++i) {
      const auto factor = Element::broadcast(a + i * tile.stride);
      sums[i][0] = Element::add_product(sums[i][0], factor, left);
      sums[i][1] = Element::add_product(sums[i][1], factor, right);
    }
    panel += panel_columns * Element::step;
    a += Element::step;
  }
#pragma GCC unroll 12
  for (int i = 0; i < rows; ++i) {
    sums[i][0].store(tile.out + i * tile.out_stride);
    sums[i][1].store(tile.out + i * tile.out_stride + lanes);
  }
}

constexpr int fewer(int rows) { return rows > 4 ? rows - 4 : rows / 2; }

/// Computes the first of up to `rows` rows, as many as fit in the registers; returns how many.
template <int most = register_rows>
std::int64_t multiply_some(std::int64_t rows, const Tile& tile) {
  if constexpr (most > 1) {
    if (rows < most) return multiply_some<fewer(most)>(rows, tile);
  }
  multiply_tile<most>(tile);
  return most;
}

/// Computes out [rows, 32] = a [rows, steps] * panel for up to 12 rows; returns how many.
std::int64_t some_rows(std::int64_t rows, const Value* a, std::int64_t stride, const Value* panel, std::int64_t steps,
                       float* out, std::int64_t out_stride) {
  rows = lesser(rows, tile_rows);
  for (std::int64_t s = 0; s < steps; s += lesser(steps - s, steps_at_a_time)) {
    const auto some = lesser(steps - s, steps_at_a_time);
    for (std::int64_t row = 0; row < rows;)
      row += multiply_some(
          rows - row, {a + row * stride + s * Element::step, stride, panel + s * panel_columns * Element::step, some,
                       out + row * out_stride, out_stride, s > 0});
  }
  return rows;
}

/// Packs rows [columns, depth] into a panel of `width` columns: step by step, all columns of a step together.
template <std::int64_t width = panel_columns>
void transpose(const Value* rows, std::int64_t stride, std::int64_t columns, std::int64_t steps, Value* panel) {
  for (std::int64_t s = 0; s < steps; ++s, panel += width * Element::step) {
    for (std::int64_t c = 0; c < columns; ++c)
      __builtin_memcpy(panel + c * Element::step, rows + c * stride + s * Element::step, 4);
    if (columns < width) __builtin_memset(panel + columns * Element::step, 0, std::size_t(width - columns) * 4);
  }
}

void convert(const float* from, std::int64_t count, void* values) {
  for (std::int64_t i = 0; i < count; i += lanes) {
    const auto which = columns_at(i, count);
    Element::store(static_cast<Value*>(values) + i, Floats::load(from + i, which), which);
  }
}

template <Panels panels>
void pack(const float* const* columns, std::int64_t depth, void* panel) {
  const auto packed = panels.depth(depth);
  for (std::int64_t c = 0; c < panels.columns; ++c) {
    for (std::int64_t d = 0; d < packed; d += lanes) {
      alignas(64) Value values[lanes] = {};
      if (columns[c] != nullptr && d < depth) convert(columns[c] + d, lesser(depth - d, lanes), values);
      for (std::int64_t i = 0; i < lanes && d + i < packed; i += Element::step)
        __builtin_memcpy(static_cast<Value*>(panel) + ((d + i) / Element::step * panels.columns + c) * Element::step,
                         values + i, 4);
    }
  }
}

/// Turns 16 sums of one row into results.
void finish(const Product& product, std::int64_t row, std::int64_t column, const float* sums) {
  const auto which = columns_at(column, product.columns);
  if (is_empty(which)) return;
  const auto at = row * product.columns + column;
  auto value = Floats::load(sums);
  if (product.bias != nullptr) value = value + Floats::load(product.bias + column, which);
  if (product.sum == nullptr)
    return Element::store(static_cast<Value*>(product.values) + at, activated(value, product.activation), which);
  if (product.scale != nullptr) value = value * Floats::load(product.scale + column, which);
  if (product.residual != nullptr) value = value + Floats::load(product.residual + at, which);
  value.store(product.sum + at, which);
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
    auto sum = Floats::zero(), squares = sum;
    for (std::int64_t c = 0; c < width; c += lanes) sum = sum + Floats::load(x + c, columns_at(c, width));
    const auto mean = Floats::of(sum.sum() / float(width));
    for (std::int64_t c = 0; c < width; c += lanes) {
      const auto which = columns_at(c, width);
      const auto away = choose(which, Floats::load(x + c, which) - mean, Floats::zero());
      squares = multiply_add(away, away, squares);
    }
    const auto variance = Floats::of(squares.sum() / float(width) + epsilon);
    const auto factor = Floats::of(1) / square_root(variance);
    for (std::int64_t c = 0; c < width; c += lanes) {
      const auto which = columns_at(c, width);
      const auto even = (Floats::load(x + c, which) - mean) * factor;
      Element::store(static_cast<Value*>(values) + row * width + c,
                     multiply_add(even, Floats::load(weight + c, which), Floats::load(bias + c, which)), which);
    }
  }
}

void gate(void* values, const void* by, std::int64_t count) {
  auto* to = static_cast<Value*>(values);
  for (std::int64_t i = 0; i < count; i += lanes) {
    const auto which = first_of(count - i);
    Element::store(to + i, Element::numbers(to + i, which) * Element::numbers(static_cast<const Value*>(by) + i, which),
                   which);
  }
}

void turn_head(Value* low, Value* high, const float* cosines, const float* sines, std::int64_t half) {
  for (std::int64_t i = 0; i < half; i += lanes) {
    const auto which = first_of(half - i);
    const auto a = Element::numbers(low + i, which), b = Element::numbers(high + i, which),
               c = Floats::load(cosines + i, which), s = Floats::load(sines + i, which);
    Element::store(low + i, a * c - b * s, which);
    Element::store(high + i, b * c + a * s, which);
  }
}

void turn(const Turning& turning, std::int64_t first, std::int64_t last, std::int64_t queries) {
  const auto half = turning.head_width / 2;
  for (auto row = first; row < last; ++row) {
    const auto token = row % turning.tokens, begin = token < queries ? std::int64_t(0) : turning.width;
    auto* values = static_cast<Value*>(turning.projected) + row * 3 * turning.width;
    for (auto head = begin; head < 2 * turning.width; head += turning.head_width)
      turn_head(values + head, values + head + half, turning.cosines + token * half, turning.sines + token * half,
                half);
  }
}

}  // namespace
}  // namespace matcher::model::cpu

#include "matcher/model/cpu/kernels/attention.hpp"

namespace matcher::model::cpu {
namespace {

constexpr Panels own_panels{panel_columns, Element::step};
constexpr Kernels table{Element::instructions,
                        sizeof(Value),
                        Element::step,
                        false,
                        own_panels,
                        pack<own_panels>,
                        multiply,
                        norm,
                        convert,
                        gate,
                        turn,
                        scratch_bytes,
                        attend};

}  // namespace
}  // namespace matcher::model::cpu
