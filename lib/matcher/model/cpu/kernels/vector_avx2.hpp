// 16 numbers in two AVX2 registers, and a mask for them.
#pragma once

#include <immintrin.h>

#include <cstdint>

namespace matcher::model::cpu {
namespace {

constexpr const char* register_instructions = "avx2";
/// Rows of a tile whose sums fit in the registers.
constexpr int register_rows = 3;
/// Steps of the depth per pass over a tile's rows: this part of a panel (16 KiB) stays in the first-level cache.
constexpr std::int64_t steps_at_a_time = 128;

/// All bits of a number that is used, none of the others. The used numbers come first.
struct Mask {
  __m256i low, high;
};

inline Mask first_of(std::int64_t count) {
  const auto number = [](std::int64_t n) { return _mm256_set1_epi32(n > 16 ? 16 : n < 0 ? 0 : int(n)); };
  const auto places = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  return {_mm256_cmpgt_epi32(number(count), places),
          _mm256_cmpgt_epi32(number(count), _mm256_add_epi32(places, _mm256_set1_epi32(8)))};
}
inline bool is_empty(Mask which) { return _mm256_testz_si256(which.low, which.low) != 0; }
inline bool is_full(Mask which) { return _mm256_testc_si256(which.high, _mm256_set1_epi32(-1)) != 0; }

struct Floats {
  __m256 low, high;

  static Floats of(float x) { return {_mm256_set1_ps(x), _mm256_set1_ps(x)}; }
  static Floats zero() { return {_mm256_setzero_ps(), _mm256_setzero_ps()}; }
  /// From memory that is aligned to 32 bytes.
  static Floats load(const float* at) { return {_mm256_load_ps(at), _mm256_load_ps(at + 8)}; }
  /// Reads the used numbers; the others are 0.
  static Floats load(const float* at, Mask which) {
    return {_mm256_maskload_ps(at, which.low), _mm256_maskload_ps(at + 8, which.high)};
  }
  void store(float* at) const {
    _mm256_store_ps(at, low);
    _mm256_store_ps(at + 8, high);
  }
  /// The whole is the rule, and AMD's processors take 20 times longer for a part.
  void store(float* at, Mask which) const {
    if (is_full(which)) {
      _mm256_storeu_ps(at, low);
      _mm256_storeu_ps(at + 8, high);
    } else {
      _mm256_maskstore_ps(at, which.low, low);
      _mm256_maskstore_ps(at + 8, which.high, high);
    }
  }

  Floats operator+(Floats b) const { return {_mm256_add_ps(low, b.low), _mm256_add_ps(high, b.high)}; }
  Floats operator-(Floats b) const { return {_mm256_sub_ps(low, b.low), _mm256_sub_ps(high, b.high)}; }
  Floats operator*(Floats b) const { return {_mm256_mul_ps(low, b.low), _mm256_mul_ps(high, b.high)}; }
  Floats operator/(Floats b) const { return {_mm256_div_ps(low, b.low), _mm256_div_ps(high, b.high)}; }
  float sum() const {
    const auto eight = _mm256_add_ps(low, high);
    const auto four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
    const auto two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
  }
  float largest() const {
    const auto eight = _mm256_max_ps(low, high);
    const auto four = _mm_max_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
    const auto two = _mm_max_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_max_ss(two, _mm_movehdup_ps(two)));
  }
};

/// a * b + c and c - a * b, rounded once.
inline Floats multiply_add(Floats a, Floats b, Floats c) {
  return {_mm256_fmadd_ps(a.low, b.low, c.low), _mm256_fmadd_ps(a.high, b.high, c.high)};
}
inline Floats multiply_subtract(Floats a, Floats b, Floats c) {
  return {_mm256_fnmadd_ps(a.low, b.low, c.low), _mm256_fnmadd_ps(a.high, b.high, c.high)};
}
inline Floats minimum(Floats a, Floats b) { return {_mm256_min_ps(a.low, b.low), _mm256_min_ps(a.high, b.high)}; }
inline Floats maximum(Floats a, Floats b) { return {_mm256_max_ps(a.low, b.low), _mm256_max_ps(a.high, b.high)}; }
inline Floats absolute(Floats a) {
  const auto sign = _mm256_set1_ps(-0.0f);
  return {_mm256_andnot_ps(sign, a.low), _mm256_andnot_ps(sign, a.high)};
}
inline Floats square_root(Floats a) { return {_mm256_sqrt_ps(a.low), _mm256_sqrt_ps(a.high)}; }
inline Floats nearest_whole(Floats a) {
  constexpr int to_nearest = _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC;
  return {_mm256_round_ps(a.low, to_nearest), _mm256_round_ps(a.high, to_nearest)};
}
/// a * 2^power, for whole powers from -127 to 127.
inline Floats times_power(Floats a, Floats power) {
  // In two halves: 2^-127 has no normal exponent.
  const auto scaled = [](__m256 x, __m256 exponent) {
    const auto whole = _mm256_cvtps_epi32(exponent), half = _mm256_srai_epi32(whole, 1);
    const auto power_of = [](__m256i n) {
      return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_add_epi32(n, _mm256_set1_epi32(127)), 23));
    };
    return _mm256_mul_ps(_mm256_mul_ps(x, power_of(half)), power_of(_mm256_sub_epi32(whole, half)));
  };
  return {scaled(a.low, power.low), scaled(a.high, power.high)};
}
/// `a` where the mask is set, otherwise `b`.
inline Floats choose(Mask which, Floats a, Floats b) {
  return {_mm256_blendv_ps(b.low, a.low, _mm256_castsi256_ps(which.low)),
          _mm256_blendv_ps(b.high, a.high, _mm256_castsi256_ps(which.high))};
}
inline Mask is_positive(Floats a) {
  const auto zero = _mm256_setzero_ps();
  return {_mm256_castps_si256(_mm256_cmp_ps(a.low, zero, _CMP_GT_OQ)),
          _mm256_castps_si256(_mm256_cmp_ps(a.high, zero, _CMP_GT_OQ))};
}

}  // namespace
}  // namespace matcher::model::cpu
