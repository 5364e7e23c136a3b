// How brand, emblem and variant are arranged on the front of a package.
#pragma once

#include "demo-photos/canvas.hpp"
#include "demo-photos/product.hpp"

namespace matcher::demo {

/// What the label's print stands on: its colour and pattern, round the whole body where that is round.
void draw_ground(Canvas& canvas, const Product& product, const Box& label);

/// Draws one of the layouts into `label`.
void draw_front(Canvas& canvas, const Product& product, const Box& label);

}  // namespace matcher::demo
