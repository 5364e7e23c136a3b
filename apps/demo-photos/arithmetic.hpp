// The few functions of the C maths library that we need, from + - * / and sqrt only: libraries differ in the last bits
// of sin and atan2, and then the photos would differ between machines.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace matcher::demo {

inline constexpr float pi = 3.14159265f;

/// Error below 1e-5.
float sine(float radians);
float cosine(float radians);

/// In [-pi/2, pi/2]; error below 1e-4. `x` is clamped to [-1, 1].
float arcsine(float x);

/// The angle of (x, y) in [-pi, pi]; error below 1e-3.
float angle_of(float y, float x);

inline float fraction(float x) { return x - std::floor(x); }

inline float mix(float a, float b, float t) { return a + (b - a) * t; }

/// 0 below `low`, 1 above `high`, and a smooth way between.
inline float smooth_step(float low, float high, float x) {
  const float t = std::clamp((x - low) / (high - low), 0.0f, 1.0f);
  return t * t * (3.0f - 2.0f * t);
}

/// Smooth noise in [0, 1]; it changes over a distance of 1.
float value_noise(float x, float y, std::uint32_t salt);

}  // namespace matcher::demo
