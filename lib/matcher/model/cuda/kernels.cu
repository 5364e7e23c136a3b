#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <cuda_runtime.h>

#include <algorithm>
#include <stdexcept>
#include <string>

#include "matcher/model/cuda/kernels.hpp"

namespace matcher::model::cuda {
namespace {

__device__ __forceinline__ float to_float(__half value) { return __half2float(value); }
__device__ __forceinline__ float to_float(__nv_bfloat16 value) { return __bfloat162float(value); }

template <class Value>
__device__ __forceinline__ Value from_float(float value);
template <>
__device__ __forceinline__ __half from_float<__half>(float value) {
  return __float2half_rn(value);
}
template <>
__device__ __forceinline__ __nv_bfloat16 from_float<__nv_bfloat16>(float value) {
  return __float2bfloat16_rn(value);
}

}  // namespace
}  // namespace matcher::model::cuda

#include "matcher/model/cuda/rows.hpp"

namespace matcher::model::cuda {
namespace {

constexpr int most_warps = 4;                  // per thread block
constexpr std::int64_t shared_floats = 12288;  // 48 KiB, which every GPU has
static_assert(largest_width == shared_floats);

/// The threads of a warp share a row.
struct Lane {
  static constexpr int count = 32;
  int number;

  __device__ float sum(float value) const {
    for (int distance = count / 2; distance > 0; distance /= 2) value += __shfl_xor_sync(0xffffffffu, value, distance);
    return value;
  }
};

template <class Value>
__global__ void add_and_norm_kernel(AddAndNorm work) {
  extern __shared__ float rows[];
  const int warp = int(threadIdx.x) / Lane::count;
  const auto row = std::int64_t(blockIdx.x) * (int(blockDim.x) / Lane::count) + warp;
  if (row >= work.rows) return;  // the whole warp returns
  add_and_norm_row<Value>(work, row, Lane{int(threadIdx.x) % Lane::count}, rows + warp * work.width);
}

template <class Value>
struct alignas(4 * sizeof(Value)) Four {
  Value values[4];
};

template <class Value>
__global__ void add_and_activate_kernel(Four<Value>* values, const float* bias, std::int64_t rows, std::int64_t columns,
                                        Activation activation) {
  const auto count = rows * columns / 4;
  for (auto i = std::int64_t(blockIdx.x) * blockDim.x + threadIdx.x; i < count;
       i += std::int64_t(gridDim.x) * blockDim.x) {
    auto four = values[i];
    const auto column = i * 4 % columns;
    for (int k = 0; k < 4; ++k) {
      const float x = to_float(four.values[k]) + (bias == nullptr ? 0.0f : bias[column + k]);
      four.values[k] = from_float<Value>(activated(x, activation));
    }
    values[i] = four;
  }
}

void check(const char* kernel) {
  if (const auto error = cudaGetLastError(); error != cudaSuccess)
    throw std::runtime_error(std::string("the kernel ") + kernel + " does not start: " + cudaGetErrorString(error));
}

}  // namespace

void add_and_norm(const AddAndNorm& work, Storage storage, void* stream) {
  if (work.rows == 0) return;
  const auto warps = std::min<std::int64_t>(most_warps, shared_floats / work.width);
  if (warps == 0) throw std::runtime_error("rows of " + std::to_string(work.width) + " numbers are too wide");
  const auto blocks = unsigned((work.rows + warps - 1) / warps), threads = unsigned(warps * Lane::count);
  const auto shared = std::size_t(warps * work.width) * sizeof(float);
  const auto on = static_cast<cudaStream_t>(stream);
  if (storage == Storage::fp16)
    add_and_norm_kernel<__half><<<blocks, threads, shared, on>>>(work);
  else
    add_and_norm_kernel<__nv_bfloat16><<<blocks, threads, shared, on>>>(work);
  check("add_and_norm");
}

void add_and_activate(void* values, const float* bias, std::int64_t rows, std::int64_t columns, Activation activation,
                      Storage storage, void* stream) {
  if (rows == 0) return;
  constexpr std::int64_t threads = 256, most_blocks = 1 << 16;
  const auto blocks = unsigned(std::min(most_blocks, (rows * columns / 4 + threads - 1) / threads));
  const auto on = static_cast<cudaStream_t>(stream);
  if (storage == Storage::fp16)
    add_and_activate_kernel<<<blocks, unsigned(threads), 0, on>>>(static_cast<Four<__half>*>(values), bias, rows,
                                                                  columns, activation);
  else
    add_and_activate_kernel<<<blocks, unsigned(threads), 0, on>>>(static_cast<Four<__nv_bfloat16>*>(values), bias, rows,
                                                                  columns, activation);
  check("add_and_activate");
}

}  // namespace matcher::model::cuda
