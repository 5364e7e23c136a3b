#include "demo-photos/canvas.hpp"

#include <array>

namespace matcher::demo {

/// Strokes of A to Z on a grid 4 wide and 6 high.
constexpr std::array<std::string_view, 26> letters{"062046 1434",
                                                   "003041423303 3344453606 0006",
                                                   "4130100105163645",
                                                   "002042442606 0006",
                                                   "40000646 0333",
                                                   "400006 0333",
                                                   "41301001051636454323",
                                                   "0006 4046 0343",
                                                   "1030 2026 1636",
                                                   "4045361605",
                                                   "0006 400346",
                                                   "000646",
                                                   "0600234046",
                                                   "06004640",
                                                   "103041453616050110",
                                                   "06003041423303",
                                                   "103041453616050110 2446",
                                                   "06003041423303 2346",
                                                   "413010010213334445361605",
                                                   "0040 2026",
                                                   "000516364540",
                                                   "002640",
                                                   "0016233640",
                                                   "0046 4006",
                                                   "002340 2326",
                                                   "00400646"};

float sine(float radians) {
  const float turn = radians / (2 * pi) + 0.25f;
  const float x = (std::abs(turn - std::floor(turn) - 0.5f) - 0.25f) * -2 * pi;  // at most pi / 2
  const float x2 = x * x;
  return x * (1 + x2 * (-1.0f / 6 + x2 * (1.0f / 120 + x2 * (-1.0f / 5040 + x2 * (1.0f / 362880)))));
}

Color from_hsv(float hue, float saturation, float value) {
  const auto channel = [&](float offset) {
    return 255 * value * (1 - saturation * (0.5f - 0.5f * cosine(2 * pi * (hue + offset))));
  };
  return {channel(0), channel(-1.0f / 3), channel(1.0f / 3)};
}

Color ink_on(Color paper, Color wanted) {
  const auto luminance = [](Color color) { return 0.299f * color.r + 0.587f * color.g + 0.114f * color.b; };
  if (std::abs(luminance(wanted) - luminance(paper)) > 40) return wanted;
  return luminance(paper) > 140 ? Color{28, 26, 30} : Color{250, 249, 244};
}

Canvas::Canvas(const Box& world, float scale) : world_(world), scale_(scale) {
  image_.width = std::max(1, int(std::ceil(world.width() * scale)));
  image_.height = std::max(1, int(std::ceil(world.height() * scale)));
  image_.rgb.resize(std::size_t(image_.width) * std::size_t(image_.height) * 3);
}

Color Canvas::nearest(Point p) const {
  const int x = std::clamp(int((p.x - world_.left) * scale_), 0, image_.width - 1);
  const int y = std::clamp(int((p.y - world_.top) * scale_), 0, image_.height - 1);
  const std::uint8_t* rgb = image_.row(y) + x * 3;
  return {float(rgb[0]), float(rgb[1]), float(rgb[2])};
}

void fill_box(Canvas& canvas, const Box& box, Color color) {
  canvas.paint(box, color, [&](Point p) {
    return std::max(std::max(box.left - p.x, p.x - box.right), std::max(box.top - p.y, p.y - box.bottom));
  });
}

void fill_disc(Canvas& canvas, Point centre, float radius, Color color) {
  canvas.paint(around(centre, radius), color, [&](Point p) { return length(p - centre) - radius; });
}

void draw_strokes(Canvas& canvas, std::string_view strokes, Point origin, Point cell, float thickness, Color ink) {
  const auto point = [&](std::size_t i) {
    return origin + Point{float(strokes[i] - '0') * cell.x, float(strokes[i + 1] - '0') * cell.y};
  };
  for (std::size_t i = 0; i + 4 <= strokes.size(); i += strokes[i + 2] == ' ' ? 3 : 2) {
    if (strokes[i + 2] == ' ') continue;
    const Point from = point(i);
    const Point along = point(i + 2) - from;
    canvas.paint(around(from + along * 0.5f, length(along) / 2 + thickness), ink, [&](Point p) {
      const float t = std::clamp(dot(p - from, along) / dot(along, along), 0.0f, 1.0f);
      return length(p - from - along * t) - thickness / 2;
    });
  }
}

void draw_text(Canvas& canvas, std::string_view text, const Box& box, Color ink, float weight) {
  constexpr float width = 0.6f, gap = 0.24f;  // of a letter, as parts of its height
  const float aspect = (width + gap) * float(text.size()) - gap;
  const float height = std::min(box.height() / (1 + weight), box.width() / (aspect + weight));
  Point start = box.centre() - Point{aspect, 1} * (height / 2);
  for (const char letter : text) {
    const std::string_view strokes = letters[std::size_t(letter - 'A')];
    draw_strokes(canvas, strokes, start, {width / 4 * height, height / 6}, weight * height, ink);
    start.x += (width + gap) * height;
  }
}

}  // namespace matcher::demo
