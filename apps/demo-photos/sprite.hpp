// A package as the camera sees it from straight ahead, cut out: the print bent round the body, and shaded.
#pragma once

#include <cstdint>
#include <vector>

#include "demo-photos/canvas.hpp"
#include "demo-photos/product.hpp"

namespace matcher::demo {

/// `pixels` is [height, width]. The 16-bit lanes of each are red (the lowest), green, blue and alpha, premultiplied and
/// from 0 to 255, so that one multiplication weighs all four.
struct Sprite {
  Box world;  ///< in package heights; (0, 0.5) is the middle of the package
  float scale = 1;
  int width = 0;
  int height = 0;
  std::vector<std::uint64_t> pixels;

  /// From the world to pixels.
  Homography to_pixels() const { return scaling(scale) * shift({-world.left, -world.top}); }
};

/// From where a package is looked at, and where the light is.
struct Standpoint {
  float yaw = 0;        ///< the package turned about its long axis, in radians
  float elevation = 0;  ///< how far above its middle the camera is, 0 to 0.3
  float light = -0.4f;  ///< from the left (-1) or the right (1)
};

/// `artwork` is what draw_artwork made of `product`; the sprite has its resolution.
Sprite make_sprite(const Product& product, const Canvas& artwork, const Standpoint& standpoint);

}  // namespace matcher::demo
