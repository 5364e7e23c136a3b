// Functions of 16 numbers. The including file chooses the registers.
#pragma once

#include "matcher/model/cpu/kernels.hpp"

namespace matcher::model::cpu {
namespace {

/// e^x to 2 units in the last place; x is clamped to -88..88. Reference: Cephes' expf (reduction and polynomial),
/// https://www.netlib.org/cephes.
[[gnu::always_inline]] inline Floats exponential(Floats x) {
  x = minimum(maximum(x, Floats::of(-88)), Floats::of(88));
  const auto power = nearest_whole(x * Floats::of(1.44269504088896341f));
  x = multiply_subtract(power, Floats::of(0.693359375f), x);
  x = multiply_subtract(power, Floats::of(-2.12194440e-4f), x);
  auto y = Floats::of(1.9875691500e-4f);
  y = multiply_add(y, x, Floats::of(1.3981999507e-3f));
  y = multiply_add(y, x, Floats::of(8.3334519073e-3f));
  y = multiply_add(y, x, Floats::of(4.1665795894e-2f));
  y = multiply_add(y, x, Floats::of(1.6666665459e-1f));
  y = multiply_add(y, x, Floats::of(5.0000001201e-1f));
  y = multiply_add(y, x * x, x + Floats::of(1));
  return times_power(y, power);
}

/// x / (1 + e^-z)
inline Floats gated(Floats x, Floats z) { return x / (Floats::of(1) + exponential(Floats::zero() - z)); }

/// x times the normal distribution function of x, to 1.5e-7. Reference: Abramowitz and Stegun, 7.1.26.
inline Floats gelu(Floats x) {
  const auto one = Floats::of(1), z = absolute(x) * Floats::of(0.70710678118654752f);
  const auto t = one / multiply_add(z, Floats::of(0.3275911f), one);
  auto y = Floats::of(1.061405429f);
  y = multiply_add(y, t, Floats::of(-1.453152027f));
  y = multiply_add(y, t, Floats::of(1.421413741f));
  y = multiply_add(y, t, Floats::of(-0.284496736f));
  y = multiply_add(y, t, Floats::of(0.254829592f));
  const auto beyond = Floats::of(0.5f) * (y * t) * exponential(Floats::zero() - z * z);
  return x * choose(is_positive(x), one - beyond, beyond);
}

inline Floats activated(Floats x, Activation activation) {
  switch (activation) {
    case Activation::gelu:
      return gelu(x);
    case Activation::quick_gelu:
      return gated(x, x * Floats::of(1.702f));
    case Activation::gelu_tanh: {
      const auto cube = x * x * (x * Floats::of(0.044715f));
      return gated(x, (x + cube) * Floats::of(2 * 0.79788456080286536f));
    }
    case Activation::silu:
      return gated(x, x);
    case Activation::relu:
      return maximum(x, Floats::zero());
    case Activation::none:
      break;
  }
  return x;
}

}  // namespace
}  // namespace matcher::model::cpu
