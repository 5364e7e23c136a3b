// Where a package is photographed.
#pragma once

#include <vector>

#include "demo-photos/random.hpp"
#include "demo-photos/sprite.hpp"

namespace matcher::demo {

using Sprites = std::vector<Sprite>;

/// A photographer's sweep: an even, light ground.
void draw_studio(Canvas& photo, Random& random);

/// A shop's shelf, a table or a jumble of shapes, with packages from `decor` standing about.
void draw_clutter(Canvas& photo, const Sprites& decor, Random& random);

/// Something before the package: fingers, a rail or another package.
void draw_obstacle(Canvas& photo, const Sprites& decor, Random& random);

}  // namespace matcher::demo
