#include "demo-photos/canvas.hpp"

namespace matcher::demo {
namespace {

float length(Point p) { return std::sqrt(dot(p, p)); }

Box around(Point centre, Point radii) {
  return {centre.x - radii.x, centre.y - radii.y, centre.x + radii.x, centre.y + radii.y};
}

float rounded_distance(Point p, const Box& box, float radius) {
  const Point middle = box.centre();
  const Point q{std::abs(p.x - middle.x) - box.width() / 2 + radius,
                std::abs(p.y - middle.y) - box.height() / 2 + radius};
  const float outside = length({std::max(q.x, 0.0f), std::max(q.y, 0.0f)});
  return outside + std::min(std::max(q.x, q.y), 0.0f) - radius;
}

float segment_distance(Point p, Point from, Point to) {
  const Point along = to - from;
  const float t = std::clamp(dot(p - from, along) / std::max(dot(along, along), 1e-12f), 0.0f, 1.0f);
  return length(p - from - along * t);
}

Box bounds_of(std::span<const Point> points) {
  Box box{points[0].x, points[0].y, points[0].x, points[0].y};
  for (const Point p : points) {
    box = {std::min(box.left, p.x), std::min(box.top, p.y), std::max(box.right, p.x), std::max(box.bottom, p.y)};
  }
  return box;
}

float polygon_distance(Point p, std::span<const Point> points) {
  float nearest = 1e30f;
  bool inside = false;
  for (std::size_t i = 0, last = points.size() - 1; i < points.size(); last = i++) {
    const Point a = points[i];
    const Point b = points[last];
    nearest = std::min(nearest, segment_distance(p, a, b));
    if ((a.y > p.y) != (b.y > p.y) && p.x < (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x) inside = !inside;
  }
  return inside ? -nearest : nearest;
}

}  // namespace

Canvas::Canvas(const Box& world, float scale) : world_(world), scale_(scale) {
  image_.width = std::max(1, static_cast<int>(std::ceil(world.width() * scale)));
  image_.height = std::max(1, static_cast<int>(std::ceil(world.height() * scale)));
  image_.rgb.resize(static_cast<std::size_t>(image_.width) * static_cast<std::size_t>(image_.height) * 3);
}

Canvas::Pixels Canvas::pixels(const Box& area) const {
  const auto at = [this](float value, float origin, int limit) {
    return static_cast<int>(std::clamp(std::floor((value - origin) * scale_ + 0.5f), 0.0f, static_cast<float>(limit)));
  };
  return {at(area.left, world_.left, image_.width), at(area.top, world_.top, image_.height),
          at(area.right, world_.left, image_.width), at(area.bottom, world_.top, image_.height)};
}

void fill_rect(Canvas& canvas, const Box& box, Color color, float opacity) {
  canvas.paint(
      box, color, [](Point) { return -1e6f; }, opacity);
}

void fill_rounded(Canvas& canvas, const Box& box, float radius, Color color, float opacity) {
  const float r = std::min({radius, box.width() / 2, box.height() / 2});
  canvas.paint(
      box.grown(1 / canvas.scale()), color, [&](Point p) { return rounded_distance(p, box, r); }, opacity);
}

void frame_rounded(Canvas& canvas, const Box& box, float radius, float thickness, Color color) {
  canvas.paint(box.grown(thickness), color,
               [&](Point p) { return std::abs(rounded_distance(p, box, radius)) - thickness / 2; });
}

void fill_disc(Canvas& canvas, Point centre, float radius, Color color, float opacity) {
  const float reach = radius + 1 / canvas.scale();
  canvas.paint(
      around(centre, {reach, reach}), color, [&](Point p) { return length(p - centre) - radius; }, opacity);
}

void fill_ellipse(Canvas& canvas, Point centre, Point radii, Color color, float opacity) {
  const float smaller = std::min(radii.x, radii.y);
  canvas.paint(
      around(centre, radii), color,
      [&](Point p) {
        return (length({(p.x - centre.x) / radii.x, (p.y - centre.y) / radii.y}) - 1) * smaller;
      },
      opacity);
}

void draw_ring(Canvas& canvas, Point centre, float radius, float thickness, Color color) {
  const float reach = radius + thickness;
  canvas.paint(around(centre, {reach, reach}), color,
               [&](Point p) { return std::abs(length(p - centre) - radius) - thickness / 2; });
}

void draw_line(Canvas& canvas, Point from, Point to, float thickness, Color color) {
  const std::array<Point, 2> ends{from, to};
  const float reach = thickness / 2 + 1 / canvas.scale();
  canvas.paint(bounds_of(ends).grown(reach), color,
               [&](Point p) { return segment_distance(p, from, to) - thickness / 2; });
}

void fill_polygon(Canvas& canvas, std::span<const Point> points, Color color, float opacity) {
  canvas.paint(
      bounds_of(points).grown(1 / canvas.scale()), color, [&](Point p) { return polygon_distance(p, points); },
      opacity);
}

}  // namespace matcher::demo
