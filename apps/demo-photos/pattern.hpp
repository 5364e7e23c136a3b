// Decoration that repeats: stripes, dots, rays and so on.
#pragma once

#include "demo-photos/canvas.hpp"
#include "demo-photos/product.hpp"

namespace matcher::demo {

/// Paints `pattern` over `area`. `centre` is the middle of rings and rays; `period` is in units of the canvas.
void paint_pattern(Canvas& canvas, const Box& area, Pattern pattern, float period, Point centre, Color color);

}  // namespace matcher::demo
