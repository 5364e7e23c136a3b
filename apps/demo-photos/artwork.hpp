// The print of a package, laid out flat.
#pragma once

#include "demo-photos/canvas.hpp"
#include "demo-photos/product.hpp"

namespace matcher::demo {

/// What lies left and right of the front, as a part of its width: a side of a box, or what turns round a can.
inline constexpr float side_width = 0.6f;

/// Draws everything that is printed on a product, from cap to bottom. One unit is the height of the package, and
/// `resolution` is how many pixels that is; the front spans x from 0 to its aspect, y from 0 to 1.
Canvas draw_artwork(const Product& product, float resolution);

}  // namespace matcher::demo
