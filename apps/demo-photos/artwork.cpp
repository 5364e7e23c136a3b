#include "demo-photos/artwork.hpp"

namespace matcher::demo {
namespace {

/// Top and bottom of a part of the label; 0 is the label's top, 1 its bottom.
using Span = std::pair<float, float>;

struct LayoutTraits {
  Span paper, brand, emblem, variant, good;
};

/// Banner, medallion, sheet.
constexpr std::array<LayoutTraits, layout_count> layouts{{
    {{0.04f, 0.27f}, {0.08f, 0.23f}, {0.32f, 0.7f}, {0.74f, 0.85f}, {0.88f, 0.97f}},
    {{0.05f, 0.76f}, {0.5f, 0.64f}, {0.1f, 0.46f}, {0.8f, 0.93f}, {0.67f, 0.73f}},
    {{0.05f, 0.95f}, {0.1f, 0.27f}, {0.47f, 0.78f}, {0.31f, 0.43f}, {0.82f, 0.9f}},
}};

/// Star, sun, flower, house, fish, heart: strokes on a grid from 0 to 8.
constexpr std::array<std::string_view, emblem_count> emblems{
    "4053836578461825033340",   "4048 0484 1177 7117", "10134573704210 4548 4826 4866",
    "044084 14187874 38355558", "0422428682462604",    "480402204260828448"};

/// The signed distance to stripes that fill half of each period of 1.
float stripes(float x) { return std::abs(x - std::floor(x) - 0.5f) - 0.25f; }

/// The signed distance to a pattern with a period of 1.
float pattern_distance(Pattern pattern, Point p) {
  const float across = stripes(p.x);
  const float down = stripes(p.y);
  if (pattern == Pattern::stripes) return stripes(p.x + p.y) * 0.7f;
  if (pattern == Pattern::dots) return length({across + 0.25f, down + 0.25f}) - 0.28f;
  if (pattern == Pattern::checks) return std::max(std::min(across, down), -std::max(across, down));
  return 1;
}

void draw_front(Canvas& canvas, const Product& product, const Box& label) {
  const LayoutTraits& layout = layouts[std::size_t(product.layout)];
  const auto part = [&](Span span, float margin) {
    return Box{label.left + margin * label.width(), label.top + span.first * label.height(),
               label.right - margin * label.width(), label.top + span.second * label.height()};
  };
  const Box paper = part(layout.paper, 0.05f);
  if (product.layout == Layout::medallion) {
    fill_disc(canvas, paper.centre(), std::min(paper.width(), paper.height()) / 2, product.paper);
  } else {
    fill_box(canvas, paper, product.paper);
  }
  const Box badge = part(layout.emblem, 0.1f);
  const float radius = std::min(badge.width(), badge.height()) / 2;
  const Point cell{radius * 0.15f, radius * 0.15f};
  fill_disc(canvas, badge.centre(), radius, product.accent);
  draw_strokes(canvas, emblems[std::size_t(product.emblem)], badge.centre() - cell * 4, cell, radius * 0.14f,
               ink_on(product.accent));
  fill_box(canvas, part(layout.variant, -0.6f), product.accent);
  draw_text(canvas, product.variant, part(layout.variant, 0.1f).grown(-0.02f), ink_on(product.accent));
  draw_text(canvas, product.brand, part(layout.brand, 0.12f), ink_on(product.paper, product.second), product.weight);
  draw_text(canvas, product.good, part(layout.good, 0.2f),
            ink_on(product.layout == Layout::banner ? product.base : product.paper));
}

}  // namespace

Canvas draw_artwork(const Product& product, int size) {
  const FormTraits& traits = product.traits();
  const float side = side_width * product.aspect;
  Canvas canvas({-side, 0, product.aspect + side, 1}, 1.2f * traits.tallest * float(size));
  const Box& world = canvas.world();
  const Box label{0, traits.label_top, product.aspect, traits.label_bottom};
  fill_box(canvas, world, product.base);
  canvas.paint({world.left, label.top, world.right, label.bottom}, mix(product.base, product.second, 0.7f),
               [&](Point p) { return pattern_distance(product.pattern, p * (1 / product.period)) * product.period; });
  for (const float middle : {-side / 2, product.aspect + side / 2}) {
    draw_text(canvas, product.brand, around({middle, 0.6f}, 0.4f * side), ink_on(product.base));
  }
  draw_front(canvas, product, label);
  fill_box(canvas, {world.left, 0, world.right, traits.cap},
           product.form == Form::can ? Color{176, 178, 184} : product.second);
  return canvas;
}

}  // namespace matcher::demo
