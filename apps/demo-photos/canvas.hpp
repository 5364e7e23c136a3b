// A picture to draw on in units of one's own choice, with soft edges: a shape is its signed distance.
#pragma once

#include <span>

#include "demo-photos/color.hpp"
#include "demo-photos/geometry.hpp"
#include "matcher/image/image.hpp"

namespace matcher::demo {

class Canvas {
 public:
  /// Shows `world`, with `scale` pixels for each of its units.
  Canvas(const Box& world, float scale);

  const Box& world() const { return world_; }
  float scale() const { return scale_; }
  const image::Image& image() const { return image_; }
  image::Image& image() { return image_; }

  /// `color_at(point)` gives the colour of every pixel of `area`.
  template <class ColorAt>
  void fill(const Box& area, ColorAt color_at);

  /// Paints where `distance(point)`, in units of the world, is negative. `area` bounds the work, and clips.
  template <class Distance>
  void paint(const Box& area, Color color, Distance distance, float opacity = 1);

 private:
  struct Pixels {
    int left, top, right, bottom;
  };
  Pixels pixels(const Box& area) const;
  Point point(int x, int y) const;
  static void store(std::uint8_t* pixel, Color color);
  static void blend(std::uint8_t* pixel, Color color, float cover);

  Box world_;
  float scale_;
  image::Image image_;
};

inline Point Canvas::point(int x, int y) const {
  return {world_.left + (static_cast<float>(x) + 0.5f) / scale_, world_.top + (static_cast<float>(y) + 0.5f) / scale_};
}

inline void Canvas::store(std::uint8_t* pixel, Color color) {
  pixel[0] = static_cast<std::uint8_t>(static_cast<int>(color.r + 0.5f));
  pixel[1] = static_cast<std::uint8_t>(static_cast<int>(color.g + 0.5f));
  pixel[2] = static_cast<std::uint8_t>(static_cast<int>(color.b + 0.5f));
}

inline void Canvas::blend(std::uint8_t* pixel, Color color, float cover) {
  store(pixel, {mix(pixel[0], color.r, cover), mix(pixel[1], color.g, cover), mix(pixel[2], color.b, cover)});
}

template <class ColorAt>
void Canvas::fill(const Box& area, ColorAt color_at) {
  const Pixels range = pixels(area);
  for (int y = range.top; y < range.bottom; ++y) {
    for (int x = range.left; x < range.right; ++x) store(image_.row(y) + x * 3, color_at(point(x, y)));
  }
}

template <class Distance>
void Canvas::paint(const Box& area, Color color, Distance distance, float opacity) {
  const Pixels range = pixels(area);
  for (int y = range.top; y < range.bottom; ++y) {
    for (int x = range.left; x < range.right; ++x) {
      const float cover = std::clamp(0.5f - distance(point(x, y)) * scale_, 0.0f, 1.0f) * opacity;
      if (cover > 0) blend(image_.row(y) + x * 3, color, cover);
    }
  }
}

void fill_rect(Canvas& canvas, const Box& box, Color color, float opacity = 1);
void fill_rounded(Canvas& canvas, const Box& box, float radius, Color color, float opacity = 1);
void frame_rounded(Canvas& canvas, const Box& box, float radius, float thickness, Color color);
void fill_disc(Canvas& canvas, Point centre, float radius, Color color, float opacity = 1);
void fill_ellipse(Canvas& canvas, Point centre, Point radii, Color color, float opacity = 1);
void draw_ring(Canvas& canvas, Point centre, float radius, float thickness, Color color);
/// A line with round ends.
void draw_line(Canvas& canvas, Point from, Point to, float thickness, Color color);
/// Any simple polygon; the last point joins the first.
void fill_polygon(Canvas& canvas, std::span<const Point> points, Color color, float opacity = 1);

}  // namespace matcher::demo
