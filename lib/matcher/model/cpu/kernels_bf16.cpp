// The kernels in bfloat16: two neighbours of the depth are multiplied and added in one step, in 32 bits.
#include <immintrin.h>

#include <cstring>

#include "matcher/model/cpu/kernels.hpp"

namespace matcher::model::cpu {
namespace {

struct Element {
  using Value = std::uint16_t;
  using Vector = __m512bh;
  static constexpr std::int64_t step = 2;

  static Vector broadcast(const Value* at) {
    int pair = 0;
    std::memcpy(&pair, at, sizeof pair);
    return Vector(_mm512_set1_epi32(pair));
  }
  static Vector load(const Value* at) { return Vector(_mm512_load_si512(at)); }
  static __m512 add_product(__m512 sum, Vector a, Vector b) { return _mm512_dpbf16_ps(sum, a, b); }
  static void store(Value* to, __m512 numbers, __mmask16 which) {
    _mm256_mask_storeu_epi16(to, which, __m256i(_mm512_cvtneps_pbh(numbers)));
  }
  /// 16 columns of the rows `at` and `at + stride`, neighbours side by side.
  static __m512i interleave(const Value* at, std::int64_t stride, bool second, __mmask16 which) {
    const auto low = _mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(which, at));
    if (!second) return low;
    return _mm512_or_si512(low,
                           _mm512_slli_epi32(_mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(which, at + stride)), 16));
  }
};

}  // namespace
}  // namespace matcher::model::cpu

#include "matcher/model/cpu/kernels_avx512.hpp"

namespace matcher::model::cpu {

const Kernels& bf16_kernels() { return table; }

}  // namespace matcher::model::cpu
