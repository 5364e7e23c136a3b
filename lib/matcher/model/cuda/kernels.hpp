// GPU kernels for the steps between the products of a vision transformer's block, each in one pass over memory. As
// single operations, these steps would take as long as the products. Takes plain pointers to GPU memory.
#pragma once

#include <cstdint>

namespace matcher::model::cuda {

enum class Activation { gelu, quick_gelu, gelu_tanh, silu, relu };

/// How activations are stored.
enum class Storage { fp16, bf16 };

/// sum = x + scale * (h + bias), normed = (sum with mean 0 and deviation 1) * weight + shift, row by row.
struct AddAndNorm {
  const float* x = nullptr;                         ///< [rows, width]
  std::int64_t x_stride = 0;                        ///< floats from one row of x to the next
  const void* h = nullptr;                          ///< values [rows, width]; nullptr: 0
  const float* bias = nullptr;                      ///< [width]; nullptr: 0
  const float* scale = nullptr;                     ///< [width]; nullptr: 1
  float* sum = nullptr;                             ///< [rows, width]; nullptr: not stored
  void* normed = nullptr;                           ///< values [rows, width]; nullptr: not stored
  const float *weight = nullptr, *shift = nullptr;  ///< [width], if `normed` is set
  float epsilon = 0;
  std::int64_t rows = 0, width = 0;
};

/// The widest row that add_and_norm takes.
inline constexpr std::int64_t largest_width = 12288;

/// Both run on `stream`, a cudaStream_t, and return at once. They throw std::runtime_error with CUDA's message.
void add_and_norm(const AddAndNorm& work, Storage storage, void* stream);

/// values [rows, columns] = activation(values + bias); columns must be a multiple of 4. bias [columns]; none:
/// nullptr.
void add_and_activate(void* values, const float* bias, std::int64_t rows, std::int64_t columns, Activation activation,
                      Storage storage, void* stream);

}  // namespace matcher::model::cuda
