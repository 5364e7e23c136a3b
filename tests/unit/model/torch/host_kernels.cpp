// The GPU kernels as loops on the processor, so that the code that calls them can be tested without a GPU.
#include <c10/util/BFloat16.h>
#include <c10/util/Half.h>

#include <vector>

namespace matcher::model::cuda {

template <class Value>
float to_float(Value value) {
  return float(value);
}
template <class Value>
Value from_float(float value) {
  return Value(value);
}

}  // namespace matcher::model::cuda

#include "matcher/model/cuda/rows.hpp"

namespace matcher::model::cuda {
namespace {

struct Lane {
  static constexpr int count = 1;
  int number = 0;
  float sum(float value) const { return value; }
};

template <class Value>
void activate(Value* values, const float* bias, std::int64_t rows, std::int64_t columns, Activation activation) {
  for (std::int64_t i = 0; i < rows * columns; ++i) {
    const float x = to_float(values[i]) + (bias == nullptr ? 0.0f : bias[i % columns]);
    values[i] = from_float<Value>(activated(x, activation));
  }
}

}  // namespace

void add_and_norm(const AddAndNorm& work, Storage storage, void*) {
  std::vector<float> own(static_cast<std::size_t>(work.width));
  for (std::int64_t row = 0; row < work.rows; ++row) {
    if (storage == Storage::fp16)
      add_and_norm_row<c10::Half>(work, row, Lane{}, own.data());
    else
      add_and_norm_row<c10::BFloat16>(work, row, Lane{}, own.data());
  }
}

void add_and_activate(void* values, const float* bias, std::int64_t rows, std::int64_t columns, Activation activation,
                      Storage storage, void*) {
  if (storage == Storage::fp16)
    activate(static_cast<c10::Half*>(values), bias, rows, columns, activation);
  else
    activate(static_cast<c10::BFloat16*>(values), bias, rows, columns, activation);
}

}  // namespace matcher::model::cuda
