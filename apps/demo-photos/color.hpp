// Colours: red, green and blue from 0 to 255.
#pragma once

#include "demo-photos/arithmetic.hpp"

namespace matcher::demo {

struct Color {
  float r = 0;
  float g = 0;
  float b = 0;
};

inline Color mix(Color a, Color b, float t) { return {mix(a.r, b.r, t), mix(a.g, b.g, t), mix(a.b, b.b, t)}; }

inline float luminance(Color c) { return 0.299f * c.r + 0.587f * c.g + 0.114f * c.b; }

/// Hue in turns (0 is red, 1/3 green); saturation and value from 0 to 1.
inline Color from_hsv(float hue, float saturation, float value) {
  const auto channel = [&](float offset) {
    const float distance = std::abs(fraction(hue + offset) * 6 - 3) - 1;
    return 255 * value * mix(1, std::clamp(distance, 0.0f, 1.0f), saturation);
  };
  return {channel(0), channel(2.0f / 3), channel(1.0f / 3)};
}

/// Black or white ink, whichever can be read on `paper`.
inline Color readable_on(Color paper) { return luminance(paper) > 140 ? Color{28, 26, 30} : Color{250, 249, 244}; }

}  // namespace matcher::demo
