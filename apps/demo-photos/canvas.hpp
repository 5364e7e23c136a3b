// Draws shapes and text with soft edges, with the same pixels on every machine.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string_view>

#include "matcher/image/image.hpp"

namespace matcher::demo {

inline constexpr float pi = 3.14159265f;

/// Replaces the C library's function, whose last bits differ between machines. The error is below 1e-5.
float sine(float radians);
inline float cosine(float radians) { return sine(radians + pi / 2); }

/// Rises smoothly from 0 at `low` to 1 at `high`.
inline float smooth_step(float low, float high, float x) {
  const float t = std::clamp((x - low) / (high - low), 0.0f, 1.0f);
  return t * t * (3 - 2 * t);
}

/// Channels are 0 to 255.
struct Color {
  float r = 0, g = 0, b = 0;
};

inline Color operator+(Color a, Color b) { return {a.r + b.r, a.g + b.g, a.b + b.b}; }
inline Color operator*(Color a, float s) { return {a.r * s, a.g * s, a.b * s}; }
inline Color mix(Color a, Color b, float t) { return a * (1 - t) + b * t; }

/// Hue in turns (0 is red, 1/3 green); saturation and value from 0 to 1.
Color from_hsv(float hue, float saturation, float value);

/// Returns `wanted`, or black or white if `wanted` hardly stands out from `paper`.
Color ink_on(Color paper, Color wanted);
inline Color ink_on(Color paper) { return ink_on(paper, paper); }

struct Point {
  float x = 0, y = 0;
};

inline Point operator+(Point a, Point b) { return {a.x + b.x, a.y + b.y}; }
inline Point operator-(Point a, Point b) { return {a.x - b.x, a.y - b.y}; }
inline Point operator*(Point a, float s) { return {a.x * s, a.y * s}; }
inline float dot(Point a, Point b) { return a.x * b.x + a.y * b.y; }
inline float length(Point p) { return std::sqrt(dot(p, p)); }

/// y grows downwards.
struct Box {
  float left = 0, top = 0, right = 0, bottom = 0;

  float width() const { return right - left; }
  float height() const { return bottom - top; }
  Point centre() const { return {(left + right) / 2, (top + bottom) / 2}; }
  Box grown(float by) const { return {left - by, top - by, right + by, bottom + by}; }
};

inline Box around(Point centre, float reach) { return Box{centre.x, centre.y, centre.x, centre.y}.grown(reach); }

/// An image with coordinates of its own: it shows `world`, with `scale` pixels per unit.
class Canvas {
 public:
  Canvas(const Box& world, float scale);

  const Box& world() const { return world_; }
  float scale() const { return scale_; }
  const image::Image& image() const { return image_; }
  Color nearest(Point p) const;

  /// Replaces every pixel of `area` by `change(point, color)`.
  template <class Change>
  void change(const Box& area, Change change) {
    const int right = pixel(area.right - world_.left, image_.width);
    const int bottom = pixel(area.bottom - world_.top, image_.height);
    for (int y = pixel(area.top - world_.top, image_.height); y < bottom; ++y) {
      for (int x = pixel(area.left - world_.left, image_.width); x < right; ++x) {
        const Point p{world_.left + (float(x) + 0.5f) / scale_, world_.top + (float(y) + 0.5f) / scale_};
        std::uint8_t* rgb = image_.row(y) + x * 3;
        const Color color = change(p, Color{float(rgb[0]), float(rgb[1]), float(rgb[2])});
        for (const float value : {color.r, color.g, color.b}) {
          *rgb++ = std::uint8_t(std::clamp(value + 0.5f, 0.0f, 255.0f));
        }
      }
    }
  }

  /// Paints where the signed distance `distance(point)`, in units of the world, is negative. `area` limits the work.
  template <class Distance>
  void paint(const Box& area, Color color, Distance distance) {
    change(area.grown(1 / scale_),
           [&](Point p, Color old) { return mix(old, color, std::clamp(0.5f - distance(p) * scale_, 0.0f, 1.0f)); });
  }

 private:
  int pixel(float units, int limit) const { return int(std::clamp(units * scale_ + 0.5f, 0.0f, float(limit))); }

  Box world_;
  float scale_;
  image::Image image_;
};

void fill_box(Canvas& canvas, const Box& box, Color color);
void fill_disc(Canvas& canvas, Point centre, float radius, Color color);

/// Draws lines through grid points: two digits are x and y, a space starts a new line. `cell` is a step of the grid.
void draw_strokes(Canvas& canvas, std::string_view strokes, Point origin, Point cell, float thickness, Color ink);

/// Writes capital letters into the middle of `box`, as large as fits. `weight` is the pen's width per letter height.
void draw_text(Canvas& canvas, std::string_view text, const Box& box, Color ink, float weight = 0.15f);

}  // namespace matcher::demo
