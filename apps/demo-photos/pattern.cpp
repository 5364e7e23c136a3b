#include "demo-photos/pattern.hpp"

namespace matcher::demo {
namespace {

/// The signed distance to stripes that fill `part` of each period along `x`.
float stripes(float x, float period, float part = 0.5f) {
  return (std::abs(fraction(x / period) - 0.5f) - part / 2) * period;
}

float dots(Point p, float period) {
  const float row = std::floor(p.y / period);
  const float stagger = fraction(row / 2) * period;
  const Point q{(fraction((p.x + stagger) / period) - 0.5f) * period, (fraction(p.y / period) - 0.5f) * period};
  return std::sqrt(dot(q, q)) - period * 0.28f;
}

float checks(Point p, float period) {
  const float x = stripes(p.x, 2 * period);
  const float y = stripes(p.y, 2 * period);
  return std::max(std::min(x, y), -std::max(x, y));
}

float zigzag(Point p, float period) { return stripes(p.y + std::abs(fraction(p.x / period) - 0.5f) * period, period); }

float rays(Point from_centre, float period) {
  const float count = std::floor(1.6f / period);
  const float radius = std::sqrt(dot(from_centre, from_centre));
  const float turn = angle_of(from_centre.y, from_centre.x) / (2 * pi) + 0.5f;
  return stripes(turn * count, 1.0f) * radius * 2 * pi / count;
}

}  // namespace

void paint_pattern(Canvas& canvas, const Box& area, Pattern pattern, float period, Point centre, Color color) {
  const auto paint = [&](auto distance) { canvas.paint(area, color, distance); };
  switch (pattern) {
    case Pattern::plain:
    case Pattern::fade:
      return;
    case Pattern::stripes:
      return paint([=](Point p) { return stripes(p.y, period); });
    case Pattern::columns:
      return paint([=](Point p) { return stripes(p.x, period); });
    case Pattern::diagonal:
      return paint([=](Point p) { return stripes((p.x + p.y) * 0.7071f, period); });
    case Pattern::dots:
      return paint([=](Point p) { return dots(p, period); });
    case Pattern::checks:
      return paint([=](Point p) { return checks(p, period); });
    case Pattern::rings:
      return paint([=](Point p) { return stripes(std::sqrt(dot(p - centre, p - centre)), period); });
    case Pattern::waves:
      return paint([=](Point p) { return stripes(p.y + period * 0.3f * sine(p.x * 4 / period), period); });
    case Pattern::zigzag:
      return paint([=](Point p) { return zigzag(p, period); });
    case Pattern::rays:
      return paint([=](Point p) { return rays(p - centre, period); });
  }
}

}  // namespace matcher::demo
