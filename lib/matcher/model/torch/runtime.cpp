#include "matcher/model/torch/runtime.hpp"

#include <ATen/Parallel.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <fmt/format.h>
#include <malloc.h>

#include <limits>

#include "matcher/core/error.hpp"

namespace matcher::model {
namespace {

#ifdef MATCHER_WITH_CUDA
constexpr const char* without_cuda = "this LibTorch was built without CUDA";
bool has_cuda() { return at::CUDAHooksRegistry()->Has("CUDAHooks"); }
#else
constexpr const char* without_cuda = "this matcher was built without CUDA; build it with the preset \"cuda\"";
bool has_cuda() { return false; }
#endif

int gpu_count() { return has_cuda() ? at::detail::getCUDAHooks().getNumGPUs() : 0; }

[[noreturn]] void fail_device(const Device& device) {
  const auto why = has_cuda() ? fmt::format("this LibTorch sees {} GPUs", gpu_count()) : std::string(without_cuda);
  throw Error(ErrorCode::resource,
              fmt::format("device {} is not available: {}; use --device cpu", to_string(device), why));
}

}  // namespace

Device resolve(const Device& device) {
  if (device.kind == Device::Kind::automatic)
    return gpu_count() > 0 ? Device{Device::Kind::cuda, 0} : Device{Device::Kind::cpu, 0};
  if (device.kind == Device::Kind::cpu) return device;
  for (const auto index : device.indices()) {
    if (index >= gpu_count()) fail_device(device);
  }
  return device;
}

at::ScalarType torch_type(Precision precision) {
  if (precision == Precision::bf16) return at::kBFloat16;
  return precision == Precision::fp16 ? at::kHalf : at::kFloat;
}

void make_deterministic(int threads) {
  static const int all_cores = at::get_num_threads();
  at::set_num_threads(threads > 0 ? threads : all_cores);
  auto& context = at::globalContext();
  context.setBenchmarkCuDNN(false);
  context.setDeterministicCuDNN(true);
  context.setAllowTF32CuDNN(false);
  context.setAllowTF32CuBLAS(false);
#ifdef MATCHER_WITH_CUDA
  context.setAllowFP16ReductionCuBLAS(false);  // sums 16-bit products in fp32
  context.setAllowBF16ReductionCuBLAS(false);
#endif
}

void keep_freed_memory() {
  constexpr int kept = 1 << 30, ahead = 16 << 20, old_limit = 32 << 20;  // bytes
  // glibc before 2.35 refuses thresholds above half a heap of a thread.
  if (::mallopt(M_MMAP_THRESHOLD, kept) == 0) ::mallopt(M_MMAP_THRESHOLD, old_limit);
  ::mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max());
  ::mallopt(M_TOP_PAD, ahead);
}

}  // namespace matcher::model
