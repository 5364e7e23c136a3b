#include "matcher/model/cpu/kernels.hpp"

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "matcher/model/cpu/onednn.hpp"

namespace matcher::model::cpu {
namespace {

#if defined(MATCHER_AVX512) || defined(MATCHER_AVX2)
std::string_view allowed() {
  const char* name = std::getenv("ATEN_CPU_CAPABILITY");
  return name == nullptr ? "" : name;
}
#endif

#ifdef MATCHER_AVX512
bool has_avx512() {
  return allowed() != "avx2" && allowed() != "default" && __builtin_cpu_supports("avx512f") &&
         __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}

bool has_bf16() { return has_avx512() && __builtin_cpu_supports("avx512bf16"); }
#endif

#ifdef MATCHER_AVX2
bool has_avx2() { return allowed() != "default" && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }
#endif

}  // namespace

std::vector<const Kernels*> all_kernels([[maybe_unused]] Precision precision) {
  std::vector<const Kernels*> all;
#ifdef MATCHER_AVX512
  if (precision == Precision::bf16 && has_bf16()) {
    all = {&bf16_kernels(), &tile_kernels()};  // without tiles, oneDNN computes the same with AVX-512
    if (has_tiles()) std::ranges::reverse(all);
  }
  if (precision == Precision::fp32 && has_avx512()) all.push_back(&fp32_kernels());
#endif
#ifdef MATCHER_AVX2
  if (precision == Precision::fp32 && has_avx2()) all.push_back(&fp32_avx2_kernels());
#endif
  return all;
}

const Kernels* kernels(Precision precision) {
  const auto all = all_kernels(precision);
  return all.empty() ? nullptr : all[0];
}

Precision fastest_precision() {
#ifdef MATCHER_AVX512
  // Without tiles, bf16 is slower than fp32 on Intel's processors.
  if (has_bf16() && (has_tiles() || !__builtin_cpu_is("intel"))) return Precision::bf16;
#endif
  return Precision::fp32;
}

}  // namespace matcher::model::cpu
