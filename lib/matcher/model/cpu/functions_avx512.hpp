// Functions of 16 numbers.
#pragma once

#include <immintrin.h>

#include "matcher/model/cpu/kernels.hpp"

namespace matcher::model::cpu {
namespace {

/// e^x to 2 units in the last place; x is held between -88 and 88. Reference: the reduction and polynomial of Cephes'
/// expf, https://www.netlib.org/cephes.
[[gnu::always_inline]] inline __m512 exponential(__m512 x) {
  x = _mm512_min_ps(_mm512_max_ps(x, _mm512_set1_ps(-88)), _mm512_set1_ps(88));
  const auto power = _mm512_roundscale_ps(_mm512_mul_ps(x, _mm512_set1_ps(1.44269504088896341f)),
                                          _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
  x = _mm512_fnmadd_ps(power, _mm512_set1_ps(0.693359375f), x);
  x = _mm512_fnmadd_ps(power, _mm512_set1_ps(-2.12194440e-4f), x);
  auto y = _mm512_set1_ps(1.9875691500e-4f);
  y = _mm512_fmadd_ps(y, x, _mm512_set1_ps(1.3981999507e-3f));
  y = _mm512_fmadd_ps(y, x, _mm512_set1_ps(8.3334519073e-3f));
  y = _mm512_fmadd_ps(y, x, _mm512_set1_ps(4.1665795894e-2f));
  y = _mm512_fmadd_ps(y, x, _mm512_set1_ps(1.6666665459e-1f));
  y = _mm512_fmadd_ps(y, x, _mm512_set1_ps(5.0000001201e-1f));
  y = _mm512_fmadd_ps(y, _mm512_mul_ps(x, x), _mm512_add_ps(x, _mm512_set1_ps(1)));
  return _mm512_scalef_ps(y, power);
}

/// x / (1 + e^-z)
inline __m512 gated(__m512 x, __m512 z) {
  const auto one = _mm512_set1_ps(1);
  return _mm512_div_ps(x, _mm512_add_ps(one, exponential(_mm512_sub_ps(_mm512_setzero_ps(), z))));
}

/// x times the normal distribution's share below x, to 1.5e-7 of it. Reference: Abramowitz and Stegun, 7.1.26.
inline __m512 gelu(__m512 x) {
  const auto one = _mm512_set1_ps(1);
  const auto z = _mm512_mul_ps(_mm512_abs_ps(x), _mm512_set1_ps(0.70710678118654752f));
  const auto t = _mm512_div_ps(one, _mm512_fmadd_ps(z, _mm512_set1_ps(0.3275911f), one));
  auto y = _mm512_set1_ps(1.061405429f);
  y = _mm512_fmadd_ps(y, t, _mm512_set1_ps(-1.453152027f));
  y = _mm512_fmadd_ps(y, t, _mm512_set1_ps(1.421413741f));
  y = _mm512_fmadd_ps(y, t, _mm512_set1_ps(-0.284496736f));
  y = _mm512_fmadd_ps(y, t, _mm512_set1_ps(0.254829592f));
  const auto beyond = _mm512_mul_ps(_mm512_mul_ps(_mm512_set1_ps(0.5f), _mm512_mul_ps(y, t)),
                                    exponential(_mm512_sub_ps(_mm512_setzero_ps(), _mm512_mul_ps(z, z))));
  const auto positive = _mm512_cmp_ps_mask(x, _mm512_setzero_ps(), _CMP_GT_OQ);
  return _mm512_mul_ps(x, _mm512_mask_sub_ps(beyond, positive, one, beyond));
}

inline __m512 activated(__m512 x, Activation activation) {
  switch (activation) {
    case Activation::gelu:
      return gelu(x);
    case Activation::quick_gelu:
      return gated(x, _mm512_mul_ps(x, _mm512_set1_ps(1.702f)));
    case Activation::gelu_tanh: {
      const auto cube = _mm512_mul_ps(_mm512_mul_ps(x, x), _mm512_mul_ps(x, _mm512_set1_ps(0.044715f)));
      return gated(x, _mm512_mul_ps(_mm512_add_ps(x, cube), _mm512_set1_ps(2 * 0.79788456080286536f)));
    }
    case Activation::silu:
      return gated(x, x);
    case Activation::relu:
      return _mm512_max_ps(x, _mm512_setzero_ps());
    case Activation::none:
      break;
  }
  return x;
}

}  // namespace
}  // namespace matcher::model::cpu
