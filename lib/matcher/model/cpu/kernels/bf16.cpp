// The kernels in bfloat16: one step multiplies two neighbours of the depth and adds them, in fp32.
#include <cstring>

#include "matcher/model/cpu/kernels.hpp"
#include "matcher/model/cpu/kernels/vector_avx512.hpp"

namespace matcher::model::cpu {
namespace {

struct Element {
  using Value = std::uint16_t;
  using Vector = __m512bh;
  static constexpr const char* instructions = "avx512_bf16";
  static constexpr std::int64_t step = 2;

  static Vector broadcast(const Value* at) {
    int pair = 0;
    std::memcpy(&pair, at, sizeof pair);
    return Vector(_mm512_set1_epi32(pair));
  }
  static Vector load(const Value* at) { return Vector(_mm512_load_si512(at)); }
  static Floats add_product(Floats sum, Vector a, Vector b) { return {_mm512_dpbf16_ps(sum.all, a, b)}; }
  static void store(Value* to, Floats numbers, Mask which) {
    _mm256_mask_storeu_epi16(to, which.bits, __m256i(_mm512_cvtneps_pbh(numbers.all)));
  }
  static Floats numbers(const Value* at, Mask which) {
    const auto high = _mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(which.bits, at));
    return {_mm512_castsi512_ps(_mm512_slli_epi32(high, 16))};
  }
  /// Interleaves 16 columns of the rows `at` and, if `second`, `at + stride`.
  static void interleave(const Value* at, std::int64_t stride, bool second, Mask which, Value* to) {
    auto both = _mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(which.bits, at));
    if (second) {
      const auto high = _mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(which.bits, at + stride));
      both = _mm512_or_si512(both, _mm512_slli_epi32(high, 16));
    }
    _mm512_store_si512(to, both);
  }
};

}  // namespace
}  // namespace matcher::model::cpu

#include "matcher/model/cpu/kernels/kernels_of.hpp"
#include "matcher/model/cpu/kernels/tiles.hpp"

namespace matcher::model::cpu {

const Kernels& bf16_kernels() { return table; }

const Kernels& tile_kernels() { return on_tiles; }

}  // namespace matcher::model::cpu
