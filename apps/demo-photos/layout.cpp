#include "demo-photos/layout.hpp"

#include "demo-photos/artwork.hpp"
#include "demo-photos/emblem.hpp"
#include "demo-photos/pattern.hpp"

namespace matcher::demo {
namespace {

/// `wanted`, or black or white where it would hardly stand out.
Color visible_on(Color paper, Color wanted, float contrast) {
  return std::abs(luminance(wanted) - luminance(paper)) > contrast ? wanted : readable_on(paper);
}

/// The front of one product; boxes are given in parts of the label.
class Front {
 public:
  Front(Canvas& canvas, const Product& product, const Box& label)
      : canvas_(canvas), product_(product), look_(product.look), label_(label) {}

  Box part(float left, float top, float right, float bottom) const {
    return {mix(label_.left, label_.right, left), mix(label_.top, label_.bottom, top),
            mix(label_.left, label_.right, right), mix(label_.top, label_.bottom, bottom)};
  }

  void plate(const Box& box, Color color, float radius = 0) { fill_rounded(canvas_, box, radius, color); }
  void brand(const Box& box, Color ink, float rise = 0) {
    draw_text(canvas_, product_.brand, look_.face, box, ink, rise);
  }
  void variant(const Box& box, Color ink) { draw_text(canvas_, product_.variant, plain_, box, ink); }
  void good(const Box& box, Color ink) { draw_text(canvas_, product_.good, plain_, box, ink); }
  void weight(const Box& box, Color ink) { draw_text(canvas_, product_.weight, thin_, box, ink); }

  void emblem(const Box& box, Color behind) {
    const Color wanted = look_.emblem_follows_variant ? product_.accent : look_.second;
    const Color color = visible_on(behind, wanted, 28);
    const Color detail = readable_on(color);
    draw_emblem(canvas_, look_.emblem, box.centre(), std::min(box.width(), box.height()) * 0.45f, color, detail);
  }

  Canvas& canvas() { return canvas_; }
  const Look& look() const { return look_; }
  Color brand_ink() const { return visible_on(look_.paper, look_.second, 60); }
  Color accent() const { return product_.accent; }
  const Box& label() const { return label_; }

 private:
  static constexpr Typeface plain_{0.56f, 0.15f, 0};
  static constexpr Typeface thin_{0.6f, 0.11f, 0};

  Canvas& canvas_;
  const Product& product_;
  const Look& look_;
  Box label_;
};

void draw_banner(Front& front) {
  const Color plate = front.look().second;
  front.plate(front.part(-0.5f, 0.06f, 1.5f, 0.3f), plate);
  front.brand(front.part(0.06f, 0.09f, 0.94f, 0.27f), readable_on(plate));
  front.plate(front.part(0.18f, 0.34f, 0.82f, 0.68f), front.look().paper, 0.04f);
  front.emblem(front.part(0.22f, 0.36f, 0.78f, 0.66f), front.look().paper);
  front.plate(front.part(-0.5f, 0.73f, 1.5f, 0.85f), front.accent());
  front.variant(front.part(0.1f, 0.75f, 0.9f, 0.83f), readable_on(front.accent()));
  front.plate(front.part(0.1f, 0.88f, 0.9f, 0.98f), front.look().paper, 0.02f);
  front.good(front.part(0.14f, 0.9f, 0.62f, 0.96f), readable_on(front.look().paper));
  front.weight(front.part(0.66f, 0.9f, 0.88f, 0.96f), readable_on(front.look().paper));
}

void draw_medallion(Front& front) {
  const Color paper = front.look().paper;
  const Box area = front.part(0.04f, 0.06f, 0.96f, 0.72f);
  const float radius = std::min(area.width(), area.height()) / 2;
  fill_disc(front.canvas(), area.centre(), radius, front.look().second);
  fill_disc(front.canvas(), area.centre(), radius * 0.93f, paper);
  const Point c = area.centre();
  front.emblem({c.x - radius * 0.5f, c.y - radius * 0.85f, c.x + radius * 0.5f, c.y}, paper);
  front.brand({c.x - radius * 0.8f, c.y + radius * 0.02f, c.x + radius * 0.8f, c.y + radius * 0.42f},
              readable_on(paper));
  front.good({c.x - radius * 0.5f, c.y + radius * 0.5f, c.x + radius * 0.5f, c.y + radius * 0.68f},
             front.look().second);
  front.plate(front.part(0.02f, 0.76f, 0.98f, 0.88f), front.accent(), 0.02f);
  front.variant(front.part(0.1f, 0.78f, 0.9f, 0.86f), readable_on(front.accent()));
  front.plate(front.part(0.32f, 0.91f, 0.68f, 0.98f), paper, 0.02f);
  front.weight(front.part(0.36f, 0.922f, 0.64f, 0.968f), readable_on(paper));
}

void draw_sheet(Front& front) {
  const Color paper = front.look().paper;
  const Color ink = readable_on(paper);
  front.plate(front.part(0.06f, 0.05f, 0.94f, 0.95f), paper, 0.02f);
  frame_rounded(front.canvas(), front.part(0.1f, 0.08f, 0.9f, 0.92f), 0.015f, 0.008f, front.accent());
  front.brand(front.part(0.15f, 0.12f, 0.85f, 0.3f), front.brand_ink());
  front.plate(front.part(0.2f, 0.335f, 0.8f, 0.342f), ink);
  front.variant(front.part(0.18f, 0.37f, 0.82f, 0.46f), visible_on(paper, front.accent(), 40));
  front.emblem(front.part(0.2f, 0.48f, 0.8f, 0.76f), paper);
  front.good(front.part(0.2f, 0.78f, 0.8f, 0.84f), ink);
  front.weight(front.part(0.35f, 0.86f, 0.65f, 0.9f), ink);
}

void draw_split(Front& front) {
  const Color lower = front.accent();
  const Box bottom = front.part(-0.6f, 0.5f, 1.6f, 1.0f);
  const Point hill{bottom.centre().x, bottom.bottom + bottom.width() * 0.25f};
  const float radius = hill.y - bottom.top;
  front.canvas().paint({bottom.left, bottom.top, bottom.right, front.label().bottom}, lower,
                       [&](Point p) { return std::sqrt(dot(p - hill, p - hill)) - radius; });
  const Color top = front.look().paper;
  front.plate(front.part(0.05f, 0.07f, 0.95f, 0.3f), top, 0.05f);
  front.brand(front.part(0.1f, 0.1f, 0.9f, 0.27f), front.brand_ink());
  const Box middle = front.part(0.2f, 0.36f, 0.8f, 0.7f);
  fill_disc(front.canvas(), middle.centre(), std::min(middle.width(), middle.height()) * 0.53f, top);
  front.emblem(middle.grown(-0.02f), top);
  front.variant(front.part(0.12f, 0.74f, 0.88f, 0.84f), readable_on(lower));
  front.good(front.part(0.2f, 0.87f, 0.8f, 0.92f), readable_on(lower));
  front.weight(front.part(0.35f, 0.94f, 0.65f, 0.98f), readable_on(lower));
}

void draw_column(Front& front) {
  const Color paper = front.look().paper;
  front.plate(front.part(0.3f, 0, 1.1f, 1), paper);
  front.plate(front.part(0.3f, 0, 0.34f, 1), front.accent());
  front.brand(front.part(0.38f, 0.07f, 0.97f, 0.24f), front.brand_ink());
  front.good(front.part(0.38f, 0.27f, 0.97f, 0.33f), readable_on(paper));
  front.emblem(front.part(0.36f, 0.37f, 1.0f, 0.72f), paper);
  front.plate(front.part(0.38f, 0.77f, 0.97f, 0.87f), front.accent(), 0.03f);
  front.variant(front.part(0.42f, 0.79f, 0.93f, 0.85f), readable_on(front.accent()));
  front.weight(front.part(0.5f, 0.9f, 0.85f, 0.95f), readable_on(paper));
}

void draw_sash(Front& front) {
  const Box band = front.part(-0.1f, 0.26f, 1.1f, 0.5f);
  const float climb = 0.16f * band.width();
  const auto sash = [&](float top, float bottom, Color color) {
    const std::array points{Point{band.left, top + climb}, Point{band.right, top - climb},
                            Point{band.right, bottom - climb}, Point{band.left, bottom + climb}};
    fill_polygon(front.canvas(), points, color);
  };
  const float edge = band.height() * 0.14f;
  sash(band.top - edge, band.bottom + edge, front.accent());
  sash(band.top, band.bottom, front.look().paper);
  const float slope = 2 * climb / band.width();
  front.brand(front.part(0.05f, 0.2f, 0.95f, 0.56f), front.brand_ink(), slope);
  const Box low = front.part(0.3f, 0.62f, 0.95f, 0.84f);
  fill_disc(front.canvas(), low.centre(), std::min(low.width(), low.height()) * 0.56f, front.look().paper);
  front.emblem(low, front.look().paper);
  front.plate(front.part(0.04f, 0.87f, 0.96f, 0.97f), front.accent(), 0.015f);
  front.variant(front.part(0.1f, 0.89f, 0.9f, 0.95f), readable_on(front.accent()));
  front.plate(front.part(0.05f, 0.04f, 0.6f, 0.13f), front.look().second, 0.02f);
  front.good(front.part(0.1f, 0.06f, 0.55f, 0.11f), readable_on(front.look().second));
}

using Draw = void (*)(Front&);
constexpr std::array<Draw, layout_count> drawings{draw_banner, draw_medallion, draw_sheet,
                                                  draw_split,  draw_column,    draw_sash};

}  // namespace

void draw_ground(Canvas& canvas, const Product& product, const Box& label) {
  const Look& look = product.look;
  const FormTraits& traits = traits_of(product.form);
  const float side = traits.body == Body::round ? side_width * look.aspect : 0;
  const Box ground{label.left - side, label.top, label.right + side, label.bottom};
  if (!traits.wrapped) {
    fill_rect(canvas, {canvas.world().left, traits.cap.reach, canvas.world().right, 1},
              mix(look.base, look.second, 0.35f));
    fill_rect(canvas, ground, look.base);
  }
  paint_pattern(canvas, ground, look.pattern, look.period, label.centre(), mix(look.base, look.second, 0.7f));
}

void draw_front(Canvas& canvas, const Product& product, const Box& label) {
  Front front(canvas, product, label);
  drawings[static_cast<std::size_t>(product.look.layout)](front);
}

}  // namespace matcher::demo
