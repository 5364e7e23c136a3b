#include "matcher/model/cpu/kernels.hpp"

namespace matcher::model::cpu {
namespace {

#ifdef MATCHER_AVX512
bool has_avx512() {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}

bool has_bf16() { return has_avx512() && __builtin_cpu_supports("avx512bf16"); }
#endif

}  // namespace

const Kernels* kernels([[maybe_unused]] Precision precision) {
#ifdef MATCHER_AVX512
  if (precision == Precision::bf16 && has_bf16()) return &bf16_kernels();
  if (precision == Precision::fp32 && has_avx512()) return &fp32_kernels();
#endif
  return nullptr;
}

}  // namespace matcher::model::cpu
