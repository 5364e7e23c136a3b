#include "demo-photos/composite.hpp"

namespace matcher::demo {
namespace {

/// The bilinear value at `p` in pixels, 64 times the channels; 0 outside. The sixteenth of a pixel is precise enough.
inline std::uint64_t sample(const Sprite& sprite, Point p) {
  const float x = p.x - 0.5f;
  const float y = p.y - 0.5f;
  if (!(x >= 0 && y >= 0 && x < static_cast<float>(sprite.width - 1) && y < static_cast<float>(sprite.height - 1)))
    return 0;
  const int fixed_x = static_cast<int>(x * 16);
  const int fixed_y = static_cast<int>(y * 16);
  const auto tx = static_cast<std::uint64_t>(fixed_x % 16);
  const auto ty = static_cast<std::uint64_t>(fixed_y % 16);
  const std::uint64_t* upper = sprite.pixels.data() + std::ptrdiff_t{fixed_y / 16} * sprite.width + fixed_x / 16;
  const std::uint64_t* lower = upper + sprite.width;
  const std::uint64_t sum = upper[0] * ((16 - tx) * (16 - ty)) + upper[1] * (tx * (16 - ty)) +
                            lower[0] * ((16 - tx) * ty) + lower[1] * (tx * ty);
  return sum >> 2 & 0x3fff3fff3fff3fffULL;
}

/// The value of the pixel at `p`, 256 times the channels; 0 outside.
std::uint64_t nearest(const Sprite& sprite, Point p) {
  if (!(p.x >= 0 && p.y >= 0 && p.x < static_cast<float>(sprite.width) && p.y < static_cast<float>(sprite.height))) {
    return 0;
  }
  const std::ptrdiff_t row = static_cast<int>(p.y);
  return sprite.pixels[static_cast<std::size_t>(row * sprite.width + static_cast<int>(p.x))] << 8;
}

struct PixelRange {
  int left, top, right, bottom;
};

/// The pixels of the photo that the sprite can touch.
PixelRange touched(const Canvas& photo, const Sprite& sprite, const Homography& to_photo) {
  const Box& box = sprite.world;
  Box around{1e9f, 1e9f, -1e9f, -1e9f};
  for (const Point corner : {Point{box.left, box.top}, Point{box.right, box.top}, Point{box.left, box.bottom},
                             Point{box.right, box.bottom}}) {
    const Point p = to_photo(corner);
    around = {std::min(around.left, p.x), std::min(around.top, p.y), std::max(around.right, p.x),
              std::max(around.bottom, p.y)};
  }
  const auto clip = [](float value, int limit) {
    return static_cast<int>(std::clamp(value, 0.0f, static_cast<float>(limit)));
  };
  const image::Image& image = photo.image();
  return {clip(around.left, image.width), clip(around.top, image.height), clip(around.right + 1, image.width),
          clip(around.bottom + 1, image.height)};
}

/// `sum` is 256 times the channels in their lanes.
void blend(std::uint8_t* pixel, std::uint64_t sum, float light) {
  const auto lane = [&](int c) {
    return static_cast<float>(static_cast<int>(sum >> (16 * c) & 0xffffU)) * (1.0f / 256);
  };
  const float rest = 1 - lane(3) * (1.0f / 255);
  for (int c = 0; c < 3; ++c) {
    const float value = pixel[c] * rest + lane(c) * light;
    pixel[c] = static_cast<std::uint8_t>(static_cast<int>(std::min(value + 0.5f, 255.0f)));
  }
}

enum class Samples { one, four };

template <Samples samples>
std::uint64_t sample_pixel(const Sprite& sprite, const Homography& to_sprite, float x, float y) {
  if constexpr (samples == Samples::one) return nearest(sprite, to_sprite({x + 0.5f, y + 0.5f}));
  return sample(sprite, to_sprite({x + 0.25f, y + 0.25f})) + sample(sprite, to_sprite({x + 0.75f, y + 0.25f})) +
         sample(sprite, to_sprite({x + 0.25f, y + 0.75f})) + sample(sprite, to_sprite({x + 0.75f, y + 0.75f}));
}

template <Samples samples>
void put(Canvas& photo, const Sprite& sprite, const Homography& placement, float light) {
  const Homography to_photo = scaling(photo.scale()) * shift({-photo.world().left, -photo.world().top}) * placement;
  const Homography to_sprite = sprite.to_pixels() * to_photo.inverse();
  const PixelRange range = touched(photo, sprite, to_photo);
  for (int y = range.top; y < range.bottom; ++y) {
    std::uint8_t* pixel = photo.image().row(y) + range.left * 3;
    for (int x = range.left; x < range.right; ++x, pixel += 3) {
      const std::uint64_t sum = sample_pixel<samples>(sprite, to_sprite, static_cast<float>(x), static_cast<float>(y));
      if (sum != 0) blend(pixel, sum, light);
    }
  }
}

}  // namespace

void composite(Canvas& photo, const Sprite& sprite, const Homography& placement) {
  put<Samples::four>(photo, sprite, placement, 1);
}

void composite_dimmed(Canvas& photo, const Sprite& sprite, const Homography& placement, float light) {
  put<Samples::one>(photo, sprite, placement, light);
}

}  // namespace matcher::demo
