// The kernels of a vision transformer's block for AVX-512 and AVX2: products with packed weights, norms, attention.
// Plain pointers, because the kernels are compiled for instructions that other code must not use.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "matcher/core/device.hpp"

namespace matcher::model::cpu {

enum class Activation { none, gelu, quick_gelu, gelu_tanh, silu, relu };

/// How a matrix of weights is packed: in panels of some columns, step by step of the depth. Missing ones are zeros.
struct Panels {
  std::int64_t columns;     ///< per panel
  std::int64_t depth_unit;  ///< the packed depth is a multiple of this

  constexpr std::int64_t count(std::int64_t all_columns) const { return (all_columns + columns - 1) / columns; }
  constexpr std::int64_t depth(std::int64_t depth) const { return (depth + depth_unit - 1) / depth_unit * depth_unit; }
  /// Returns the values of one panel.
  constexpr std::int64_t size(std::int64_t of_depth) const { return columns * depth(of_depth); }
};

/// Columns of a product that our kernels compute together.
inline constexpr std::int64_t panel_columns = 32;
/// Rows of a product that our kernels compute together.
inline constexpr std::int64_t tile_rows = 12;
/// oneDNN's `BA16a64b2a`.
inline constexpr Panels panels_on_tiles{64, 32};
/// Rows of each product on tiles.
inline constexpr std::int64_t rows_on_tiles = 64;

inline constexpr std::int64_t panels_of(std::int64_t columns) { return (columns + panel_columns - 1) / panel_columns; }

/// values = activation(a * weights^T + bias), or if `sum` is set: sum = residual + scale * (a * weights^T + bias).
/// Values have the kernels' precision; sums are float.
struct Product {
  const void* a = nullptr;        ///< values [rows, depth]
  const void* weights = nullptr;  ///< packed from [columns, depth]
  const float* bias = nullptr;    ///< [columns]; none: nullptr
  std::int64_t rows = 0, depth = 0, columns = 0;
  Activation activation = Activation::none;
  void* values = nullptr;           ///< [rows, columns]
  float* sum = nullptr;             ///< [rows, columns]; may be `residual`
  const float* residual = nullptr;  ///< [rows, columns]; nullptr: 0
  const float* scale = nullptr;     ///< [columns]; nullptr: 1
};

/// softmax(query * key^T * scale + mask) * value, for the first `queries` tokens of each image.
struct Attention {
  const void* projected = nullptr;  ///< values [images * tokens, 3 * width]: query, key, value
  void* attended = nullptr;         ///< values [images * queries, width]
  std::int64_t tokens = 0, queries = 0, width = 0, head_width = 0;
  float scale = 1;
  const float* mask = nullptr;  ///< [tokens, tokens]; none: nullptr
};

/// Turns queries and keys by the angles of their token: the number i of a head's first half and the number i of its
/// second half are a pair.
struct Turning {
  void* projected = nullptr;  ///< values [images * tokens, 3 * width]: query, key, value
  std::int64_t tokens = 0, width = 0, head_width = 0;
  const float *cosines = nullptr, *sines = nullptr;  ///< [tokens, head_width / 2]
};

/// The kernels of one precision and instruction set. All are thread-safe. A row's result does not depend on other rows.
struct Kernels {
  const char* instructions;
  std::int64_t value_bytes;
  std::int64_t depth_step;  ///< every depth must be a multiple of this
  bool all_columns;         ///< true: `multiply` computes all columns, and `residual` must be null or `sum`
  Panels panels;
  /// Packs the columns of one panel of weights, float [depth] each (nullptr: zeros).
  void (*pack)(const float* const* columns, std::int64_t depth, void* panel);
  /// Computes the rows from `first` to before `last`, for one panel of columns, or for all.
  void (*multiply)(const Product& product, std::int64_t first, std::int64_t last, std::int64_t panel);
  /// Normalises each row of x, float [rows, width], to mean 0 and deviation 1, then scales by `weight` and adds `bias`.
  void (*norm)(const float* x, std::int64_t rows, std::int64_t width, const float* weight, const float* bias,
               float epsilon, void* values);
  void (*convert)(const float* from, std::int64_t count, void* values);
  /// Multiplies `count` values by those of another layer.
  void (*gate)(void* values, const void* by, std::int64_t count);
  /// Turns the keys of the rows from `first` to before `last`, and the queries of the first `queries` tokens of an
  /// image.
  void (*turn)(const Turning& turning, std::int64_t first, std::int64_t last, std::int64_t queries);
  /// Returns the bytes of scratch memory that `attend` needs.
  std::size_t (*scratch_bytes)(const Attention& attention);
  /// Computes one image and head. `scratch` must be aligned to 64 bytes.
  void (*attend)(const Attention& attention, std::int64_t image, std::int64_t head, void* scratch);
};

/// Returns the kernels for every instruction set of this processor, the fastest first. $ATEN_CPU_CAPABILITY, which
/// LibTorch obeys too, can exclude some: `avx2` excludes AVX-512, `default` all. $ONEDNN_MAX_CPU_ISA can exclude tiles.
std::vector<const Kernels*> all_kernels(Precision precision);

/// Returns the fastest kernels; nullptr if there are none.
const Kernels* kernels(Precision precision);

/// Returns the fastest precision of this processor, by its name and instructions: a measurement would depend on the
/// load. Reference: docs/developing/benchmarks.md, "Products by instruction set".
Precision fastest_precision();

/// The kernels for one instruction set each; only `all_kernels` may call these.
const Kernels& tile_kernels();
const Kernels& bf16_kernels();
const Kernels& fp32_kernels();
const Kernels& fp32_avx2_kernels();

}  // namespace matcher::model::cpu
