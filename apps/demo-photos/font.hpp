// Print on packages: capital letters and digits as strokes of a pen.
#pragma once

#include <string_view>

#include "demo-photos/canvas.hpp"

namespace matcher::demo {

/// How a brand writes. Lengths are parts of the height of a letter.
struct Typeface {
  float width = 0.62f;   ///< of a letter
  float weight = 0.16f;  ///< of the pen
  float slant = 0;       ///< how far the top leans to the right
};

/// Width over height of `text`, the pen included.
float text_aspect(std::string_view text, const Typeface& face);

/// Writes `text` into the middle of `box`, as large as fits. Characters that the font does not have are left blank.
/// `rise` tilts the line: how far it climbs over each unit to the right.
void draw_text(Canvas& canvas, std::string_view text, const Typeface& face, const Box& box, Color ink, float rise = 0);

}  // namespace matcher::demo
