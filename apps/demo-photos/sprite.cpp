#include "demo-photos/sprite.hpp"

#include "demo-photos/artwork.hpp"

namespace matcher::demo {
namespace {

/// What a pixel of the sprite shows: a point of the artwork and how it is lit. `light` multiplies the print, `gloss`
/// (0 to 1) is white added to it.
struct Hit {
  bool inside = false;
  Point print;
  float light = 1;
  float gloss = 0;
};

constexpr Hit miss{};

/// Cans, bottles, jars: the print runs round the long axis; from above, horizontal lines sag into half ellipses.
class RoundSurface {
 public:
  RoundSurface(const Product& product, const Standpoint& from)
      : outline_(product.form), radius_(product.look.aspect / 2), yaw_(from.yaw), sag_(from.elevation), from_(from) {}

  Box bounds() const {
    const float droop = sag_ * radius_;
    return {-radius_, -droop, radius_, 1 + droop};
  }

  Hit at(Point p) const {
    const float y = p.y - sag_ * depth(p.x, p.y);
    if (y < 0) return top(p);
    const float reach = radius_ * outline_.reach(y);
    if (y > 1 || std::abs(p.x) >= reach) return miss;
    const float across = p.x / reach;
    const float facing = std::sqrt(1 - across * across);
    const float lit = across * from_.light + facing * 0.85f;
    const float shine = across - from_.light * 0.9f;
    return {true,
            {radius_ + radius_ * (arcsine(across) + yaw_), y},
            0.42f + 0.66f * std::max(lit, 0.0f),
            0.28f * smooth_step(0.16f, 0.0f, std::abs(shine))};
  }

 private:
  /// How much nearer than the axis the surface is.
  float depth(float x, float y) const {
    const float reach = radius_ * outline_.reach(y);
    return std::sqrt(std::max(reach * reach - x * x, 0.0f));
  }

  Hit top(Point p) const {
    const float lid = sag_ * depth(p.x, 0);
    if (std::abs(p.y) > lid || lid <= 0) return miss;
    const float rim = smooth_step(0.0f, 0.25f, 1 - std::abs(p.y) / lid);
    return {true, {radius_, 0.004f}, mix(1.2f, 0.95f, rim), 0};
  }

  Outline outline_;
  float radius_;
  float yaw_;
  float sag_;
  Standpoint from_;
};

/// Boxes: a front, and a side that comes into view with yaw. Whatever is farther away is smaller.
class BlockSurface {
 public:
  BlockSurface(const Product& product, const Standpoint& from)
      : aspect_(product.look.aspect), depth_(aspect_ * side_width), from_(from), roofed_(product.form == Form::carton) {
    turn_ = std::abs(sine(from.yaw));
    front_ = aspect_ * cosine(from.yaw);
    side_ = depth_ * turn_;
    // Light from the left brightens a left side, and the other way round.
    side_light_ = 0.72f + 0.3f * (from.yaw > 0 ? -from.light : from.light);
  }

  Box bounds() const {
    const float half = (front_ + side_) / 2;
    return {-half, -0.01f, half, 1.01f};
  }

  Hit at(Point p) const {
    // Measured from the near edge: negative on the front, positive on the side (mirrored when turned to the right).
    const bool left_side = from_.yaw > 0;
    const float x = (left_side ? -p.x : p.x) - (front_ - side_) / 2;
    const bool on_front = x <= 0;
    const float along = on_front ? -x / front_ : x / std::max(side_, 1e-6f);
    if (along > 1) return miss;
    const float farness = on_front ? along * turn_ * aspect_ : along * side_;
    const float height = 1 - perspective * farness;
    const float y = 0.5f + (p.y - 0.5f) / height;
    if (y < 0 || y > 1) return miss;
    const float from_edge = (on_front ? aspect_ : -depth_) * along;
    const float print_x = left_side ? from_edge : aspect_ - from_edge;
    return {true, {print_x, y}, light(on_front, y, along), 0};
  }

 private:
  static constexpr float perspective = 0.35f;

  float light(bool on_front, float y, float along) const {
    const float face = on_front ? 1.02f - 0.08f * along : side_light_ - 0.06f * along;
    if (!roofed_) return face;
    const bool on_roof = y > 0.06f && y < 0.19f;
    return on_roof ? face * (on_front ? 0.82f : 1.1f) : face;
  }

  float aspect_;
  float depth_;
  Standpoint from_;
  bool roofed_;
  float turn_ = 0;
  float front_ = 0;
  float side_ = 0;
  float side_light_ = 1;
};

/// Pouches, bags and tubes: nearly flat, with soft edges and creases.
class CushionSurface {
 public:
  CushionSurface(const Product& product, const Standpoint& from)
      : outline_(product.form),
        half_(product.look.aspect / 2),
        from_(from),
        teeth_(product.form == Form::bag ? 0.012f : 0.0f),
        creases_(product.form == Form::tube ? 0.05f : 0.22f),
        salt_(static_cast<std::uint32_t>(product.brand.size() * 31 + product.variant.size())) {}

  Box bounds() const { return {-half_, 0, half_, 1}; }

  Hit at(Point p) const {
    const float tooth = teeth_ * 2 * std::abs(fraction(p.x / (2 * teeth_ + 1e-6f)) - 0.5f);
    if (p.y < tooth || p.y > 1 - tooth) return miss;
    const float reach = half_ * outline_.reach(p.y);
    if (std::abs(p.x) >= reach) return miss;
    const float across = p.x / reach;
    const float crease = value_noise(p.x * 9 + p.y * 2, p.y * 5, salt_) - 0.5f;
    const float edge = across * across * across * across;
    const float lit = 0.98f + 0.14f * across * from_.light - 0.32f * edge + creases_ * crease;
    const float shine = std::abs(across - from_.light * 0.8f - 0.2f * crease);
    return {true, {half_ + across * half_, p.y}, lit, 0.22f * smooth_step(0.14f, 0.0f, shine)};
  }

 private:
  Outline outline_;
  float half_;
  Standpoint from_;
  float teeth_;
  float creases_;
  std::uint32_t salt_;
};

/// The nearest pixel is good enough: the sprite is reduced when it is put on the photo.
const std::uint8_t* look_up(const Canvas& artwork, Point p) {
  const image::Image& image = artwork.image();
  const int x = static_cast<int>((p.x - artwork.world().left) * artwork.scale());
  const int y = static_cast<int>(p.y * artwork.scale());
  return image.row(std::clamp(y, 0, image.height - 1)) + std::clamp(x, 0, image.width - 1) * 3;
}

/// An opaque pixel.
std::uint64_t shade(const Hit& hit, const std::uint8_t* print) {
  const auto lit = [&](int channel) {
    const float value = mix(static_cast<float>(print[channel]) * hit.light, 255.0f, hit.gloss);
    return static_cast<std::uint64_t>(static_cast<int>(std::min(value + 0.5f, 255.0f)));
  };
  return lit(0) | lit(1) << 16 | lit(2) << 32 | 255ULL << 48;
}

template <class Surface>
Sprite render(const Canvas& artwork, const Surface& surface) {
  Sprite sprite;
  sprite.scale = artwork.scale();
  sprite.world = surface.bounds().grown(2 / sprite.scale);
  sprite.width = static_cast<int>(std::ceil(sprite.world.width() * sprite.scale));
  sprite.height = static_cast<int>(std::ceil(sprite.world.height() * sprite.scale));
  sprite.pixels.resize(static_cast<std::size_t>(sprite.width) * static_cast<std::size_t>(sprite.height));
  std::uint64_t* pixel = sprite.pixels.data();
  for (int row = 0; row < sprite.height; ++row) {
    const float y = sprite.world.top + (static_cast<float>(row) + 0.5f) / sprite.scale;
    for (int column = 0; column < sprite.width; ++column, ++pixel) {
      const float x = sprite.world.left + (static_cast<float>(column) + 0.5f) / sprite.scale;
      const Hit hit = surface.at({x, y});
      if (hit.inside) *pixel = shade(hit, look_up(artwork, hit.print));
    }
  }
  return sprite;
}

}  // namespace

Sprite make_sprite(const Product& product, const Canvas& artwork, const Standpoint& standpoint) {
  switch (traits_of(product.form).body) {
    case Body::round:
      return render(artwork, RoundSurface(product, standpoint));
    case Body::block:
      return render(artwork, BlockSurface(product, standpoint));
    case Body::cushion:
      break;
  }
  return render(artwork, CushionSurface(product, standpoint));
}

}  // namespace matcher::demo
