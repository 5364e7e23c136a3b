// Puts a sprite on a photo.
#pragma once

#include "demo-photos/sprite.hpp"

namespace matcher::demo {

/// `photo` is a canvas of any units; `placement` maps the sprite's world to them. Averages four points for each pixel
/// of the photo.
void composite(Canvas& photo, const Sprite& sprite, const Homography& placement);

/// The same, one point for each pixel and everything multiplied with `light`: for the background.
void composite_dimmed(Canvas& photo, const Sprite& sprite, const Homography& placement, float light);

}  // namespace matcher::demo
