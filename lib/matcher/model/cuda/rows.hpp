// The kernels' work on one row or one number, written without CUDA so that it can be tested without a GPU. `Value` is
// the type of stored activations; the including file defines to_float(Value) and from_float<Value>(float).
#pragma once

#include <cmath>
#include <cstdint>

#include "matcher/model/cuda/kernels.hpp"

#ifdef __CUDACC__
#define MATCHER_DEVICE __device__ __forceinline__
#else
#define MATCHER_DEVICE inline
#endif

namespace matcher::model::cuda {

/// `Lane::count` lanes share a row. Each has a `number`, and `sum(x)` adds the x of all lanes. `own` has room for a
/// row; each lane uses its own places only.
template <class Value, class Lane>
MATCHER_DEVICE void add_and_norm_row(const AddAndNorm& work, std::int64_t row, const Lane& lane, float* own) {
  const auto at = row * work.width;
  const float* x = work.x + row * work.x_stride;
  const auto* h = static_cast<const Value*>(work.h);
  float sum = 0;
  for (std::int64_t c = lane.number; c < work.width; c += Lane::count) {
    float value = x[c];
    if (h != nullptr) {
      float more = to_float(h[at + c]);
      if (work.bias != nullptr) more += work.bias[c];
      value += work.scale != nullptr ? more * work.scale[c] : more;
    }
    if (work.sum != nullptr) work.sum[at + c] = value;
    own[c] = value;
    sum += value;
  }
  if (work.normed == nullptr) return;
  const float mean = lane.sum(sum) / float(work.width);
  float squares = 0;
  for (std::int64_t c = lane.number; c < work.width; c += Lane::count) squares += (own[c] - mean) * (own[c] - mean);
  const float factor = 1.0f / std::sqrt(lane.sum(squares) / float(work.width) + work.epsilon);
  auto* normed = static_cast<Value*>(work.normed) + at;
  for (std::int64_t c = lane.number; c < work.width; c += Lane::count)
    normed[c] = from_float<Value>((own[c] - mean) * factor * work.weight[c] + work.shift[c]);
}

MATCHER_DEVICE float activated(float x, Activation activation) {
  switch (activation) {
    case Activation::gelu:
      return 0.5f * x * (1.0f + std::erf(x * 0.70710678118654752f));
    case Activation::quick_gelu:
      return x / (1.0f + std::exp(-1.702f * x));
    case Activation::gelu_tanh:
      return 0.5f * x * (1.0f + std::tanh(0.79788456080286536f * (x + 0.044715f * x * x * x)));
    case Activation::silu:
      return x / (1.0f + std::exp(-x));
    case Activation::relu:
      break;
  }
  return x > 0 ? x : 0;
}

}  // namespace matcher::model::cuda
