// What a vision transformer's block is made of, written for AVX-512 and for AVX2: products with packed weights,
// norms and attention. Plain pointers, because these are compiled for instructions that the rest must not use.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "matcher/core/device.hpp"

namespace matcher::model::cpu {

enum class Activation { none, gelu, quick_gelu, gelu_tanh, silu, relu };

/// Columns of a product that are computed together; packed weights are in panels of so many.
inline constexpr std::int64_t panel_columns = 32;
/// Rows of a product that are computed together.
inline constexpr std::int64_t tile_rows = 12;

inline constexpr std::int64_t panels_of(std::int64_t columns) { return (columns + panel_columns - 1) / panel_columns; }

/// values = activation(a * weights^T + bias), or, where `sum` is given, sum = residual + scale * (a * weights^T +
/// bias). Values are of the kernels' precision; sums are float.
struct Product {
  const void* a = nullptr;        ///< values [rows, depth]
  const void* weights = nullptr;  ///< packed from [columns, depth]
  const float* bias = nullptr;    ///< [columns], or none
  std::int64_t rows = 0, depth = 0, columns = 0;
  Activation activation = Activation::none;
  void* values = nullptr;           ///< [rows, columns]
  float* sum = nullptr;             ///< [rows, columns]; may be `residual`
  const float* residual = nullptr;  ///< [rows, columns], or none: 0
  const float* scale = nullptr;     ///< [columns], or none: 1
};

/// softmax(query * key^T * scale + mask) * value for one picture and head, of the first `queries` tokens.
struct Attention {
  const void* projected = nullptr;  ///< values [pictures * tokens, 3 * width]: query, key, value
  void* attended = nullptr;         ///< values [pictures * queries, width]
  std::int64_t tokens = 0, queries = 0, width = 0, head_width = 0;
  float scale = 1;
  const float* mask = nullptr;  ///< [tokens, tokens], or none
};

/// The kernels of one precision. All are thread-safe, and what a row becomes does not depend on the rows beside it.
struct Kernels {
  const char* instructions;
  std::int64_t value_bytes;
  std::int64_t depth_step;  ///< every depth must be a multiple of this
  /// Weights of `panel_columns` columns, float [depth] each or nullptr for none, to a panel of `depth * panel_columns`
  /// values.
  void (*pack)(const float* const* columns, std::int64_t depth, void* panel);
  /// The rows from `first` to `last`, and one panel of columns.
  void (*multiply)(const Product& product, std::int64_t first, std::int64_t last, std::int64_t panel);
  /// float [rows, width] to values, each row with mean 0 and deviation 1, times `weight` plus `bias`.
  void (*norm)(const float* x, std::int64_t rows, std::int64_t width, const float* weight, const float* bias,
               float epsilon, void* values);
  void (*convert)(const float* from, std::int64_t count, void* values);
  /// Bytes that `attend` needs for itself.
  std::size_t (*scratch_bytes)(const Attention& attention);
  /// `scratch` is aligned to 64 bytes.
  void (*attend)(const Attention& attention, std::int64_t picture, std::int64_t head, void* scratch);
};

/// Of every instruction set that this processor has and $ATEN_CPU_CAPABILITY, which LibTorch obeys as well, does not
/// leave out (`avx2`: AVX-512, `default`: all): the fastest first.
std::vector<const Kernels*> all_kernels(Precision precision);

/// The fastest; nullptr when there are none.
const Kernels* kernels(Precision precision);

/// Of the compilations for one instruction set each; called by `all_kernels` alone.
const Kernels& bf16_kernels();
const Kernels& fp32_kernels();
const Kernels& fp32_avx2_kernels();

}  // namespace matcher::model::cpu
