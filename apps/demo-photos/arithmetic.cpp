#include "demo-photos/arithmetic.hpp"

namespace matcher::demo {
namespace {

float lattice(std::int32_t x, std::int32_t y, std::uint32_t salt) {
  std::uint32_t h = static_cast<std::uint32_t>(x) * 0x8da6b343u + static_cast<std::uint32_t>(y) * 0xd8163841u + salt;
  h = (h ^ (h >> 15)) * 0x2c1b3c6du;
  h = (h ^ (h >> 12)) * 0x297a2d39u;
  return static_cast<float>((h ^ (h >> 15)) >> 8) * (1.0f / 16777216.0f);
}

}  // namespace

float sine(float radians) {
  float turn = fraction(radians / (2 * pi));
  if (turn > 0.5f) turn -= 1.0f;
  if (turn > 0.25f) turn = 0.5f - turn;
  if (turn < -0.25f) turn = -0.5f - turn;
  const float x = turn * 2 * pi;
  const float x2 = x * x;
  return x * (1 + x2 * (-1.0f / 6 + x2 * (1.0f / 120 + x2 * (-1.0f / 5040 + x2 * (1.0f / 362880)))));
}

float cosine(float radians) { return sine(radians + pi / 2); }

float arcsine(float x) {
  const float a = std::min(std::abs(x), 1.0f);
  const float tail = std::sqrt(1 - a) * (1.5707288f + a * (-0.2121144f + a * (0.0742610f - a * 0.0187293f)));
  return x < 0 ? tail - pi / 2 : pi / 2 - tail;
}

float angle_of(float y, float x) {
  const float ax = std::abs(x);
  const float ay = std::abs(y);
  const float longer = std::max(ax, ay);
  if (longer == 0) return 0;
  const float t = std::min(ax, ay) / longer;
  const float t2 = t * t;
  float angle = t * (0.9998660f + t2 * (-0.3302995f + t2 * (0.1801410f + t2 * (-0.0851330f + t2 * 0.0208351f))));
  if (ay > ax) angle = pi / 2 - angle;
  if (x < 0) angle = pi - angle;
  return y < 0 ? -angle : angle;
}

float value_noise(float x, float y, std::uint32_t salt) {
  const float left = std::floor(x);
  const float top = std::floor(y);
  const auto ix = static_cast<std::int32_t>(left);
  const auto iy = static_cast<std::int32_t>(top);
  const float tx = smooth_step(0, 1, x - left);
  const float ty = smooth_step(0, 1, y - top);
  const float upper = mix(lattice(ix, iy, salt), lattice(ix + 1, iy, salt), tx);
  const float lower = mix(lattice(ix, iy + 1, salt), lattice(ix + 1, iy + 1, salt), tx);
  return mix(upper, lower, ty);
}

}  // namespace matcher::demo
