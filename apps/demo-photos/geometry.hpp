// Points, boxes, and how a flat sheet held before the camera lands on the photo.
#pragma once

#include <array>

namespace matcher::demo {

struct Point {
  float x = 0;
  float y = 0;
};

inline Point operator+(Point a, Point b) { return {a.x + b.x, a.y + b.y}; }
inline Point operator-(Point a, Point b) { return {a.x - b.x, a.y - b.y}; }
inline Point operator*(Point a, float s) { return {a.x * s, a.y * s}; }
inline float dot(Point a, Point b) { return a.x * b.x + a.y * b.y; }

/// y grows downwards.
struct Box {
  float left = 0;
  float top = 0;
  float right = 0;
  float bottom = 0;

  float width() const { return right - left; }
  float height() const { return bottom - top; }
  Point centre() const { return {(left + right) / 2, (top + bottom) / 2}; }
  Box grown(float by) const { return {left - by, top - by, right + by, bottom + by}; }
};

/// A projective map of the plane, row-major.
struct Homography {
  std::array<float, 9> m{1, 0, 0, 0, 1, 0, 0, 0, 1};

  Point operator()(Point p) const {
    const float w = 1 / (m[6] * p.x + m[7] * p.y + m[8]);
    return {(m[0] * p.x + m[1] * p.y + m[2]) * w, (m[3] * p.x + m[4] * p.y + m[5]) * w};
  }
  Homography inverse() const;
};

/// `a * b` does b first.
Homography operator*(const Homography& a, const Homography& b);
Homography scaling(float factor);
Homography shift(Point by);

/// How the camera sees a sheet: its origin lands on `centre`, one unit of it is `scale` long, and it is turned in
/// its plane (roll), backwards (pitch) and sideways (yaw), in radians.
struct Pose {
  Point centre;
  float scale = 1;
  float roll = 0;
  float pitch = 0;
  float yaw = 0;
};

/// From the sheet to the photo (both in their own units).
Homography project(const Pose& pose);

}  // namespace matcher::demo
