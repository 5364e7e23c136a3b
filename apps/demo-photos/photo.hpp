// Takes photos of packages.
#pragma once

#include "demo-photos/artwork.hpp"

namespace matcher::demo {

/// A product with its print, drawn once for all photos of it. They are `size` pixels square.
struct Package {
  Product product;
  Canvas artwork;
  int size;
};

/// Gallery photos are mild: nearly from the front, on a plain ground. Query photos are hard: tilted, before a shelf,
/// badly lit, blurred, noisy, and half of them partly hidden.
enum class Split { gallery, query };

/// Views count from 0.
image::Image draw_photo(const Package& package, Split split, std::uint64_t view);

}  // namespace matcher::demo
