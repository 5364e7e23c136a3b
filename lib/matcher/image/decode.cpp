#include "matcher/image/codec/limits.hpp"
#include "matcher/image/lazy_image.hpp"

namespace matcher::image {

Image decode(std::span<const std::byte> bytes, bool apply_orientation) {
  Preprocess steps;
  steps.apply_orientation = apply_orientation;
  return with_memory_errors([&] {
    LazyImage image(bytes);
    image.decode(steps);
    return std::move(image).take();
  });
}

}  // namespace matcher::image
