#include "demo-photos/background.hpp"

#include "demo-photos/composite.hpp"
#include "demo-photos/pattern.hpp"

namespace matcher::demo {
namespace {

const Sprite& pick(const Sprites& decor, Random& random) {
  return decor[static_cast<std::size_t>(random.below(static_cast<int>(decor.size())))];
}

struct Interval {
  float low;
  float high;
};

/// The draws are statements of their own: the order of arguments is the compiler's choice.
Color pick_color(Random& random, Interval hue, Interval saturation, Interval value) {
  const float h = random.between(hue.low, hue.high);
  const float s = random.between(saturation.low, saturation.high);
  const float v = random.between(value.low, value.high);
  return from_hsv(h, s, v);
}

/// `foot` is where the middle of its bottom stands.
Homography standing(Point foot, float height) { return shift(foot) * scaling(height) * shift({0, -1}); }

void draw_board(Canvas& photo, float y, Color color, Random& random) {
  fill_rect(photo, {0, y, 1, y + 0.05f}, color);
  fill_rect(photo, {0, y + 0.05f, 1, y + 0.08f}, {20, 20, 22}, 0.5f);
  for (float x = random.between(-0.1f, 0.1f); x < 1; x += random.between(0.2f, 0.4f)) {
    const Box tag{x, y + 0.006f, x + 0.11f, y + 0.044f};
    fill_rect(photo, tag, random.chance(0.3f) ? Color{250, 220, 60} : Color{245, 245, 240});
    draw_line(photo, {x + 0.02f, y + 0.025f}, {x + 0.06f, y + 0.025f}, 0.008f, {40, 40, 40});
  }
}

/// One to three of the same package side by side, as shops do.
void stock_row(Canvas& photo, const Sprites& decor, float y, float height, Random& random) {
  float x = random.between(-0.15f, 0.0f);
  while (x < 1.05f) {
    const Sprite& sprite = pick(decor, random);
    const float tall = height * random.between(0.7f, 0.95f);
    const int facings = 1 + random.below(3);
    for (int i = 0; i < facings && x < 1.05f; ++i) {
      const float width = sprite.world.width() * tall;
      composite_dimmed(photo, sprite, standing({x + width / 2, y}, tall), 0.82f);
      x += width + 0.008f;
    }
    x += random.between(0.0f, 0.06f);
  }
}

void draw_shelf(Canvas& photo, const Sprites& decor, Random& random) {
  const Color back = pick_color(random, {0, 1}, {0.1f, 0.15f}, {0.25f, 0.6f});
  photo.fill(photo.world(), [&](Point p) { return mix(back, {30, 30, 32}, 0.4f * p.y); });
  const Color board = pick_color(random, {0.06f, 0.1f}, {0, 0.35f}, {0.5f, 0.9f});
  const float spacing = random.between(0.42f, 0.62f);
  for (float y = random.between(0.28f, 0.45f); y < 1 + spacing; y += spacing) {
    stock_row(photo, decor, y, spacing * 0.82f, random);
    draw_board(photo, y, board, random);
  }
}

void draw_table(Canvas& photo, const Sprites& decor, Random& random) {
  const Color wood = pick_color(random, {0.05f, 0.11f}, {0.25f, 0.6f}, {0.4f, 0.8f});
  const float plank = random.between(0.14f, 0.3f);
  const auto salt = static_cast<std::uint32_t>(random.below(1 << 20));
  photo.fill(photo.world(), [&](Point p) {
    const float board = std::floor(p.y / plank);
    const float grain = value_noise(p.x * 3 + board * 7, p.y * 46, salt);
    const float seam = fraction(p.y / plank) < 0.025f ? 0.55f : 1.0f;
    return mix({0, 0, 0}, wood, (0.8f + 0.25f * grain) * seam);
  });
  const int count = 2 + random.below(3);
  for (int i = 0; i < count; ++i) {
    const Sprite& sprite = pick(decor, random);
    const Point at{random.unit(), random.unit()};
    const float roll = random.between(-pi, pi);
    const float scale = random.between(0.3f, 0.55f);
    composite_dimmed(photo, sprite, project({at, scale, roll, 0, 0}) * shift({0, -0.5f}), 0.9f);
  }
}

void draw_tiles(Canvas& photo, Random& random) {
  static constexpr std::array patterns{Pattern::checks,  Pattern::diagonal, Pattern::stripes,
                                       Pattern::columns, Pattern::dots,     Pattern::waves};
  const Color base = pick_color(random, {0, 1}, {0.05f, 0.5f}, {0.4f, 0.9f});
  fill_rect(photo, photo.world(), base);
  const Pattern pattern = random.pick(patterns);
  const float period = random.between(0.05f, 0.25f);
  paint_pattern(photo, photo.world(), pattern, period, {}, mix(base, {0, 0, 0}, random.between(0.1f, 0.35f)));
}

void draw_shape(Canvas& photo, Random& random) {
  const Point at{random.unit(), random.unit()};
  const float size = random.between(0.05f, 0.22f);
  const Color color = pick_color(random, {0, 1}, {0.2f, 0.8f}, {0.25f, 0.95f});
  const float other = random.between(0.04f, 0.3f);
  switch (random.below(4)) {
    case 0:
      return fill_disc(photo, at, size, color);
    case 1:
      return fill_rounded(photo, {at.x - size, at.y - other, at.x + size, at.y + other}, 0.02f, color);
    case 2:
      return draw_line(photo, at, {other * 3, size * 4}, size * 0.4f, color);
    default:
      return draw_ring(photo, at, size, size * 0.4f, color);
  }
}

void draw_jumble(Canvas& photo, const Sprites& decor, Random& random) {
  draw_tiles(photo, random);
  const int count = 4 + random.below(6);
  for (int i = 0; i < count; ++i) draw_shape(photo, random);
  const Point foot{random.unit(), random.between(0.7f, 1.1f)};
  const float height = random.between(0.4f, 0.7f);
  composite_dimmed(photo, pick(decor, random), standing(foot, height), 0.85f);
}

void draw_fingers(Canvas& photo, Random& random) {
  const Color skin = pick_color(random, {0.04f, 0.08f}, {0.3f, 0.6f}, {0.4f, 0.95f});
  const bool left = random.chance(0.5f);
  const float low = random.between(0.5f, 0.8f);
  const float reach = random.between(0.26f, 0.42f);
  const auto x = [left](float inwards) { return left ? inwards : 1 - inwards; };
  fill_ellipse(photo, {x(0), low + 0.1f}, {0.18f, 0.26f}, skin);
  for (int i = 0; i < 4; ++i) {
    const float y = low - 0.06f + 0.085f * static_cast<float>(i);
    const float tip = reach - 0.03f * std::abs(static_cast<float>(i) - 1);
    draw_line(photo, {x(0.02f), y + 0.03f}, {x(tip), y + 0.008f}, 0.092f, mix(skin, {60, 20, 10}, 0.45f));
    draw_line(photo, {x(0.02f), y + 0.02f}, {x(tip), y}, 0.078f, skin);
    fill_ellipse(photo, {x(tip + 0.012f), y}, {0.02f, 0.025f}, mix(skin, {255, 235, 225}, 0.5f));
  }
}

void draw_rail(Canvas& photo, Random& random) {
  const Color color = pick_color(random, {0, 1}, {0.2f, 0.3f}, {0.2f, 0.9f});
  const float start = random.unit();
  const float end = random.unit();
  const float thickness = random.between(0.035f, 0.08f);
  const bool upright = random.chance(0.5f);
  const Point from = upright ? Point{start, -0.1f} : Point{-0.1f, start};
  const Point to = upright ? Point{end, 1.1f} : Point{1.1f, end};
  draw_line(photo, from, to, thickness, color);
  draw_line(photo, from, to, thickness * 0.25f, mix(color, {255, 255, 255}, 0.4f));
}

}  // namespace

void draw_studio(Canvas& photo, Random& random) {
  const Color wall = pick_color(random, {0, 1}, {0, 0.06f}, {0.86f, 0.98f});
  const Color ground = mix(wall, {150, 150, 155}, random.between(0.05f, 0.3f));
  const float horizon = random.between(0.66f, 0.78f);
  photo.fill(photo.world(),
             [&](Point p) { return mix(wall, ground, smooth_step(horizon - 0.12f, horizon + 0.12f, p.y)); });
}

void draw_clutter(Canvas& photo, const Sprites& decor, Random& random) {
  const float kind = random.unit();
  if (kind < 0.5f) return draw_shelf(photo, decor, random);
  if (kind < 0.75f) return draw_table(photo, decor, random);
  draw_jumble(photo, decor, random);
}

void draw_obstacle(Canvas& photo, const Sprites& decor, Random& random) {
  const float kind = random.unit();
  if (kind < 0.45f) return draw_fingers(photo, random);
  if (kind < 0.7f) return draw_rail(photo, random);
  const Sprite& sprite = pick(decor, random);
  const float inwards = random.between(0.02f, 0.16f);
  const Point at{random.chance(0.5f) ? inwards : 1 - inwards, random.between(0.6f, 0.95f)};
  const float scale = random.between(0.5f, 0.8f);
  composite(photo, sprite, project({at, scale, random.between(-0.3f, 0.3f), 0, 0}) * shift({0, -0.5f}));
}

}  // namespace matcher::demo
