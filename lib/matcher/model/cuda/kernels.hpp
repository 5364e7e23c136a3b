// What lies between the products of a vision transformer's block, each in one pass over the GPU's memory: there these
// cost as much as the products where they are written as one operation after another. Plain pointers to the GPU.
#pragma once

#include <cstdint>

namespace matcher::model::cuda {

enum class Activation { gelu, quick_gelu, gelu_tanh, silu, relu };

/// How activations are stored.
enum class Storage { fp16, bf16 };

/// sum = x + scale * (h + bias), normed = (sum with mean 0 and deviation 1) * weight + shift, row by row.
struct AddAndNorm {
  const float* x = nullptr;                         ///< [rows, width]
  std::int64_t x_stride = 0;                        ///< from one row of x to the next
  const void* h = nullptr;                          ///< values [rows, width], or none: 0
  const float* bias = nullptr;                      ///< [width], or none: 0
  const float* scale = nullptr;                     ///< [width], or none: 1
  float* sum = nullptr;                             ///< [rows, width], or none
  void* normed = nullptr;                           ///< values [rows, width], or none
  const float *weight = nullptr, *shift = nullptr;  ///< [width], where there is `normed`
  float epsilon = 0;
  std::int64_t rows = 0, width = 0;
};

/// Widest row that add_and_norm takes.
inline constexpr std::int64_t largest_width = 12288;

/// All run on `stream`, a cudaStream_t, and return at once. Throw std::runtime_error with CUDA's own words.
void add_and_norm(const AddAndNorm& work, Storage storage, void* stream);

/// values [rows, columns] = activation(values + bias); columns is a multiple of 4. bias [columns], or none: nullptr.
void add_and_activate(void* values, const float* bias, std::int64_t rows, std::int64_t columns, Activation activation,
                      Storage storage, void* stream);

}  // namespace matcher::model::cuda
