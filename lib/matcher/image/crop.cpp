#include "matcher/image/crop.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace matcher::image {
namespace {

/// Copies a rectangle of a plane with `channels` bytes per pixel.
std::vector<std::uint8_t> copy_plane(const std::vector<std::uint8_t>& plane, int width, const PixelBox& box,
                                     std::size_t channels) {
  if (plane.empty()) return {};
  const auto columns = std::size_t(box.right - box.left) * channels;
  std::vector<std::uint8_t> copied;
  copied.reserve(columns * std::size_t(box.bottom - box.top));
  for (int y = box.top; y < box.bottom; ++y) {
    const auto* from = plane.data() + (std::size_t(y) * std::size_t(width) + std::size_t(box.left)) * channels;
    copied.insert(copied.end(), from, from + columns);
  }
  return copied;
}

void check_drawn_on(const Image& image, const Box& box) {
  if (box.of_width == 0 || (box.of_width == image.width && box.of_height == image.height)) return;
  const bool turned = box.of_width == image.height && box.of_height == image.width;
  throw DecodeError(fmt::format("the box {} is of an image of {} x {} pixels, but the upright image has {} x {}{}",
                                to_string(box), box.of_width, box.of_height, image.width, image.height,
                                turned ? ". The boxes were drawn without the orientation of the image: turn them, or "
                                         "remove the orientation"
                                       : ". Give the image that the boxes were drawn on"));
}

}  // namespace

Image crop(const Image& image, const Box& box) {
  check_drawn_on(image, box);
  const auto found = find_pixels(box, image.width, image.height);
  if (!found) {
    throw DecodeError(fmt::format("the box {} is outside the image of {} x {} pixels, or smaller than a pixel",
                                  to_string(box), image.width, image.height));
  }
  Image cut{found->right - found->left, found->bottom - found->top, copy_plane(image.rgb, image.width, *found, 3),
            copy_plane(image.alpha, image.width, *found, 1)};
  if (std::ranges::all_of(cut.alpha, [](auto a) { return a == 255; })) cut.alpha.clear();
  return cut;
}

}  // namespace matcher::image
