// The kernels in 32 bits.
#include <immintrin.h>

#include "matcher/model/cpu/kernels.hpp"

namespace matcher::model::cpu {
namespace {

struct Element {
  using Value = float;
  using Vector = __m512;
  static constexpr std::int64_t step = 1;

  static Vector broadcast(const Value* at) { return _mm512_set1_ps(*at); }
  static Vector load(const Value* at) { return _mm512_load_ps(at); }
  static __m512 add_product(__m512 sum, Vector a, Vector b) { return _mm512_fmadd_ps(a, b, sum); }
  static void store(Value* to, __m512 numbers, __mmask16 which) { _mm512_mask_storeu_ps(to, which, numbers); }
  static __m512i interleave(const Value* at, std::int64_t, bool, __mmask16 which) {
    return _mm512_castps_si512(_mm512_maskz_loadu_ps(which, at));
  }
};

}  // namespace
}  // namespace matcher::model::cpu

#include "matcher/model/cpu/kernels_avx512.hpp"

namespace matcher::model::cpu {

const Kernels& fp32_kernels() { return table; }

}  // namespace matcher::model::cpu
