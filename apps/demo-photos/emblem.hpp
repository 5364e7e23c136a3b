// The picture on a package: one large, simple thing.
#pragma once

#include "demo-photos/canvas.hpp"
#include "demo-photos/product.hpp"

namespace matcher::demo {

/// `radius` is in units of the canvas; `detail` is a second colour for veins, eyes and the like.
void draw_emblem(Canvas& canvas, Emblem emblem, Point centre, float radius, Color color, Color detail);

}  // namespace matcher::demo
