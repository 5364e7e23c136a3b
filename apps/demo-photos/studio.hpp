// Takes the photos.
#pragma once

#include "demo-photos/background.hpp"
#include "demo-photos/canvas.hpp"
#include "demo-photos/product.hpp"

namespace matcher::demo {

/// A product with its print; made once and photographed many times.
struct Package {
  Range range;
  int number;
  Product product;
  Canvas artwork;
};

/// Every photo depends on the seed, the size, the product and the number of the view, and on nothing else. The const
/// functions may be called from several threads.
class Studio {
 public:
  /// Photos are `size` pixels square.
  Studio(std::uint64_t seed, int size);

  Package package(Range range, int number) const;

  /// Mild: nearly from the front on a plain ground. Views count from 0.
  image::Image gallery_photo(const Package& package, int view) const;

  /// Hard: tilted, cluttered, badly lit, blurred, noisy, often partly hidden.
  image::Image query_photo(const Package& package, int view) const;

 private:
  Random stream(Stream kind, const Package& package, int view) const;

  std::uint64_t seed_;
  float size_;
  Sprites decor_;
};

}  // namespace matcher::demo
