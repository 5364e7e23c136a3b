#include "matcher/image/codec/alpha.hpp"

#include <algorithm>

namespace matcher::image {

void split_rgba(const std::uint8_t* rgba, Image& image) {
  image.alpha.resize(image.rgb.size() / 3);
  std::uint8_t* rgb = image.rgb.data();
  for (std::uint8_t& alpha : image.alpha) {
    std::copy_n(rgba, 3, rgb);
    alpha = rgba[3];
    rgba += 4, rgb += 3;
  }
}

void remove_opaque_alpha(Image& image) {
  const bool is_opaque = std::ranges::all_of(image.alpha, [](std::uint8_t value) { return value == 255; });
  if (is_opaque) image.alpha = {};
}

}  // namespace matcher::image
