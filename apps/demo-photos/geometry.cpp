#include "demo-photos/geometry.hpp"

#include "demo-photos/arithmetic.hpp"

namespace matcher::demo {
namespace {

/// The distance of the camera, in photo widths: that of a phone's main camera with the package filling the frame.
constexpr float camera_distance = 2.2f;

}  // namespace

Homography Homography::inverse() const {
  const auto minor = [this](int a, int b, int c, int d) {
    return m[static_cast<std::size_t>(a)] * m[static_cast<std::size_t>(d)] -
           m[static_cast<std::size_t>(b)] * m[static_cast<std::size_t>(c)];
  };
  // The adjugate: a homography is the same up to a factor, so that the determinant does not matter.
  return {{minor(4, 5, 7, 8), minor(2, 1, 8, 7), minor(1, 2, 4, 5),  //
           minor(5, 3, 8, 6), minor(0, 2, 6, 8), minor(2, 0, 5, 3),  //
           minor(3, 4, 6, 7), minor(1, 0, 7, 6), minor(0, 1, 3, 4)}};
}

Homography operator*(const Homography& a, const Homography& b) {
  Homography product;
  for (std::size_t row = 0; row < 3; ++row) {
    for (std::size_t column = 0; column < 3; ++column) {
      product.m[row * 3 + column] =
          a.m[row * 3] * b.m[column] + a.m[row * 3 + 1] * b.m[3 + column] + a.m[row * 3 + 2] * b.m[6 + column];
    }
  }
  return product;
}

Homography scaling(float factor) { return {{factor, 0, 0, 0, factor, 0, 0, 0, 1}}; }

Homography shift(Point by) { return {{1, 0, by.x, 0, 1, by.y, 0, 0, 1}}; }

Homography project(const Pose& pose) {
  const float cr = cosine(pose.roll), sr = sine(pose.roll);
  const float cp = cosine(pose.pitch), sp = sine(pose.pitch);
  const float cy = cosine(pose.yaw), sy = sine(pose.yaw);
  // The first two columns of Rz(roll) * Rx(pitch) * Ry(yaw): the sheet has no depth of its own.
  const Point x_axis{cr * cy - sr * sp * sy, sr * cy + cr * sp * sy};
  const Point y_axis{-sr * cp, cr * cp};
  const float k = pose.scale / camera_distance;
  const float wx = -cp * sy * k;
  const float wy = sp * k;
  const float s = pose.scale;
  const Point c = pose.centre;
  return {{s * x_axis.x + c.x * wx, s * y_axis.x + c.x * wy, c.x,  //
           s * x_axis.y + c.y * wx, s * y_axis.y + c.y * wy, c.y,  //
           wx, wy, 1}};
}

}  // namespace matcher::demo
