// Draws the print of a package, laid out flat.
#pragma once

#include "demo-photos/product.hpp"

namespace matcher::demo {

/// The print goes on left and right of the front by this part of its width: the sides of a box, the back of a can.
inline constexpr float side_width = 0.6f;

/// One unit is the height of the package; the front spans x from 0 to the aspect. The print is a little sharper than
/// photos of `size` pixels show it.
Canvas draw_artwork(const Product& product, int size);

}  // namespace matcher::demo
