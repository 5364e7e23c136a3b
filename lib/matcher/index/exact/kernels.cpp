#include "matcher/index/exact/kernels.hpp"

#include "matcher/index/exact/kernels/vnni.hpp"

namespace matcher::index {

const Kernels* find_kernels() {
#ifdef MATCHER_VNNI
  static const bool runs = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
                           __builtin_cpu_supports("avx512vnni");
  return runs ? &vnni_kernels : nullptr;
#else
  return nullptr;
#endif
}

}  // namespace matcher::index
