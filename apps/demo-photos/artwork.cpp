#include "demo-photos/artwork.hpp"

#include "demo-photos/layout.hpp"
#include "demo-photos/pattern.hpp"
#include "demo-photos/random.hpp"

namespace matcher::demo {
namespace {

Box front_of(const Product& product) { return {0, 0, product.look.aspect, 1}; }

void draw_body(Canvas& canvas, const Product& product) {
  const Color base = product.look.base;
  const bool fades = product.look.pattern == Pattern::fade;
  const Color bottom = fades ? product.look.second : mix(base, {0, 0, 0}, 0.1f);
  canvas.fill(canvas.world(), [&](Point p) { return mix(base, bottom, smooth_step(0.1f, 0.95f, p.y)); });
}

/// Thin lines in place of small print, as nobody could read it anyway.
void draw_small_print(Canvas& canvas, const Box& box, Color ink) {
  constexpr int lines = 12;
  for (int i = 0; i < lines; ++i) {
    const float y = mix(box.top, box.bottom, static_cast<float>(i) / lines);
    const float end = mix(box.left, box.right, 0.72f + 0.28f * value_noise(static_cast<float>(i) * 3, y * 40, 7));
    draw_line(canvas, {box.left, y}, {end, y}, box.height() / lines * 0.38f, ink);
  }
}

void draw_barcode(Canvas& canvas, const Box& box, std::uint64_t code) {
  fill_rect(canvas, box, {252, 252, 252});
  const Box bars = box.grown(-box.height() * 0.1f);
  constexpr int count = 30;
  for (int i = 0; i < count; ++i) {
    if (((scramble(code) >> i) & 1U) == 0) continue;
    const float step = bars.width() / count;
    const float x = bars.left + static_cast<float>(i) * step;
    fill_rect(canvas, {x, bars.top, x + step, bars.bottom}, {20, 20, 20});
  }
}

std::uint64_t code_of(const Product& product) {
  std::uint64_t code = 0;
  for (const char letter : product.brand + product.variant + product.good) {
    code = scramble(code + static_cast<unsigned char>(letter) + 1);
  }
  return code;
}

void draw_sides(Canvas& canvas, const Product& product, const Box& label) {
  const float aspect = product.look.aspect;
  const float margin = aspect * 0.1f;
  const Color ink = readable_on(product.look.base);
  const Box right{aspect + margin, label.top + 0.04f, canvas.world().right - margin, label.bottom - 0.04f};
  const Box left{canvas.world().left + margin, right.top, -margin, right.bottom};
  const float middle = mix(right.top, right.bottom, 0.45f);
  const Box title{right.left, right.top, right.right, right.top + 0.1f};
  draw_text(canvas, product.variant, product.look.face, title, ink);
  draw_small_print(canvas, {right.left, title.bottom + 0.04f, right.right, middle}, ink);
  draw_barcode(canvas, {right.left, right.bottom - 0.16f, right.right, right.bottom}, code_of(product));
  draw_text(canvas, product.brand, product.look.face, {left.left, left.top, left.right, left.top + 0.12f}, ink);
  draw_small_print(canvas, {left.left, middle, left.right, left.bottom}, ink);
}

void draw_ridges(Canvas& canvas, const Box& cap, Color color) {
  const Color dark = mix(color, {0, 0, 0}, 0.22f);
  paint_pattern(canvas, cap, Pattern::columns, 0.022f, {}, dark);
  const float edge = cap.height() * 0.12f;
  fill_rect(canvas, {cap.left, cap.bottom - edge, cap.right, cap.bottom}, mix(color, {0, 0, 0}, 0.4f));
}

/// Creases and the crimped ridge of a milk carton's roof.
void draw_roof(Canvas& canvas, const Box& cap, Color color) {
  const float ridge = cap.top + cap.height() * 0.32f;
  fill_rect(canvas, {cap.left, cap.top, cap.right, ridge}, mix(color, {255, 255, 255}, 0.25f));
  fill_rect(canvas, {cap.left, ridge, cap.right, ridge + 0.006f}, mix(color, {0, 0, 0}, 0.35f));
  fill_rect(canvas, {cap.left, cap.bottom - 0.006f, cap.right, cap.bottom}, mix(color, {0, 0, 0}, 0.35f));
}

void draw_cap(Canvas& canvas, const Product& product) {
  const FormTraits& traits = traits_of(product.form);
  if (traits.cap.y == traits.cap.reach) return;
  const Box cap{canvas.world().left, traits.cap.y, canvas.world().right, traits.cap.reach};
  if (product.form == Form::can) return fill_rect(canvas, cap, {176, 178, 184});
  if (product.form == Form::pouch || product.form == Form::bag) {
    return paint_pattern(canvas, cap, Pattern::stripes, 0.014f, {}, mix(product.look.base, {0, 0, 0}, 0.2f));
  }
  if (product.form == Form::carton) return draw_roof(canvas, cap, product.look.base);
  fill_rect(canvas, cap, product.look.cap);
  if (product.form != Form::tub) draw_ridges(canvas, cap, product.look.cap);
}

}  // namespace

Canvas draw_artwork(const Product& product, float resolution) {
  const FormTraits& traits = traits_of(product.form);
  const float aspect = product.look.aspect;
  Canvas canvas({-side_width * aspect, 0, (1 + side_width) * aspect, 1}, resolution);
  Box label = front_of(product);
  label.top = traits.label.y;
  label.bottom = traits.label.reach;
  draw_body(canvas, product);
  draw_ground(canvas, product, label);
  draw_sides(canvas, product, label);
  draw_front(canvas, product, label);
  draw_cap(canvas, product);
  return canvas;
}

}  // namespace matcher::demo
