// 16 numbers in one AVX-512 register, and a mask for them.
#pragma once

#include <immintrin.h>

#include <cstdint>

namespace matcher::model::cpu {
namespace {

constexpr const char* register_instructions = "avx512";
/// Rows of a tile whose sums fit in the registers.
constexpr int register_rows = 12;
/// Steps of the depth per pass over a tile's rows: all, because 12 rows share each part of a panel.
constexpr std::int64_t steps_at_a_time = INT64_MAX;

struct Mask {
  __mmask16 bits;
};

inline Mask first_of(std::int64_t count) {
  return {count >= 16 ? __mmask16(0xffff) : count <= 0 ? __mmask16(0) : __mmask16((1u << count) - 1)};
}
inline bool is_empty(Mask which) { return which.bits == 0; }

struct Floats {
  __m512 all;

  static Floats of(float x) { return {_mm512_set1_ps(x)}; }
  static Floats zero() { return {_mm512_setzero_ps()}; }
  /// From memory that is aligned to 64 bytes.
  static Floats load(const float* at) { return {_mm512_load_ps(at)}; }
  /// Reads the used numbers; the others are 0.
  static Floats load(const float* at, Mask which) { return {_mm512_maskz_loadu_ps(which.bits, at)}; }
  void store(float* at) const { _mm512_store_ps(at, all); }
  void store(float* at, Mask which) const { _mm512_mask_storeu_ps(at, which.bits, all); }

  Floats operator+(Floats b) const { return {_mm512_add_ps(all, b.all)}; }
  Floats operator-(Floats b) const { return {_mm512_sub_ps(all, b.all)}; }
  Floats operator*(Floats b) const { return {_mm512_mul_ps(all, b.all)}; }
  Floats operator/(Floats b) const { return {_mm512_div_ps(all, b.all)}; }
  float sum() const { return _mm512_reduce_add_ps(all); }
  float largest() const { return _mm512_reduce_max_ps(all); }
};

/// a * b + c and c - a * b, rounded once.
inline Floats multiply_add(Floats a, Floats b, Floats c) { return {_mm512_fmadd_ps(a.all, b.all, c.all)}; }
inline Floats multiply_subtract(Floats a, Floats b, Floats c) { return {_mm512_fnmadd_ps(a.all, b.all, c.all)}; }
inline Floats minimum(Floats a, Floats b) { return {_mm512_min_ps(a.all, b.all)}; }
inline Floats maximum(Floats a, Floats b) { return {_mm512_max_ps(a.all, b.all)}; }
inline Floats absolute(Floats a) { return {_mm512_abs_ps(a.all)}; }
inline Floats square_root(Floats a) { return {_mm512_sqrt_ps(a.all)}; }
inline Floats nearest_whole(Floats a) {
  return {_mm512_roundscale_ps(a.all, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC)};
}
/// a * 2^power, for whole powers from -127 to 127.
inline Floats times_power(Floats a, Floats power) { return {_mm512_scalef_ps(a.all, power.all)}; }
/// `a` where the mask is set, otherwise `b`.
inline Floats choose(Mask which, Floats a, Floats b) { return {_mm512_mask_mov_ps(b.all, which.bits, a.all)}; }
inline Mask is_positive(Floats a) { return {_mm512_cmp_ps_mask(a.all, _mm512_setzero_ps(), _CMP_GT_OQ)}; }

}  // namespace
}  // namespace matcher::model::cpu
