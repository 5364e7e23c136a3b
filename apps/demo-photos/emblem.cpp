#include "demo-photos/emblem.hpp"

namespace matcher::demo {
namespace {

/// Draws in units of the emblem: the middle is (0, 0), and it reaches about 1 in every direction.
class Pen {
 public:
  Pen(Canvas& canvas, Point centre, float radius) : canvas_(canvas), centre_(centre), radius_(radius) {}

  void disc(Point at, float radius, Color color) { fill_disc(canvas_, place(at), radius * radius_, color); }
  void ellipse(Point at, Point radii, Color color) { fill_ellipse(canvas_, place(at), radii * radius_, color); }
  void ring(float radius, float thickness, Color color) {
    draw_ring(canvas_, centre_, radius * radius_, thickness * radius_, color);
  }
  void line(Point from, Point to, float thickness, Color color) {
    draw_line(canvas_, place(from), place(to), thickness * radius_, color);
  }
  template <std::size_t N>
  void polygon(std::array<Point, N> points, Color color) {
    for (Point& point : points) point = place(point);
    fill_polygon(canvas_, points, color);
  }
  /// Where both of two discs are: a leaf when they stand side by side.
  void lens(Point a, Point b, float radius, Color color) {
    const auto distance = [=, this](Point p) {
      const Point to_a = p - place(a);
      const Point to_b = p - place(b);
      return std::sqrt(std::max(dot(to_a, to_a), dot(to_b, to_b))) - radius * radius_;
    };
    canvas_.paint(Box{centre_.x, centre_.y, centre_.x, centre_.y}.grown(1.4f * radius_), color, distance);
  }

 private:
  Point place(Point p) const { return centre_ + p * radius_; }

  Canvas& canvas_;
  Point centre_;
  float radius_;
};

Point on_circle(float turn, float radius) { return {radius * sine(turn * 2 * pi), -radius * cosine(turn * 2 * pi)}; }

void draw_disc(Pen& pen, Color color, Color detail) {
  pen.disc({0, 0}, 0.95f, color);
  pen.ring(0.72f, 0.08f, detail);
  pen.disc({0, 0}, 0.3f, detail);
}

void draw_star(Pen& pen, Color color, Color detail) {
  std::array<Point, 10> points;
  for (std::size_t i = 0; i < points.size(); ++i) {
    points[i] = on_circle(static_cast<float>(i) / 10, i % 2 == 0 ? 1.05f : 0.45f);
  }
  pen.polygon(points, color);
  pen.disc({0, 0}, 0.2f, detail);
}

void draw_leaf(Pen& pen, Color color, Color detail) {
  pen.lens({0.55f, 0.55f}, {-0.55f, -0.55f}, 1.25f, color);
  pen.line({-0.95f, 0.95f}, {0.6f, -0.6f}, 0.08f, detail);
  for (const float t : {-0.35f, 0.0f, 0.35f}) {
    pen.line({t, -t}, {t + 0.42f, -t - 0.04f}, 0.06f, detail);
    pen.line({t, -t}, {t + 0.04f, -t - 0.42f}, 0.06f, detail);
  }
}

void draw_drop(Pen& pen, Color color, Color detail) {
  pen.disc({0, 0.3f}, 0.68f, color);
  pen.polygon(std::array{Point{0, -1.1f}, Point{0.61f, 0.02f}, Point{-0.61f, 0.02f}}, color);
  pen.ellipse({-0.28f, 0.3f}, {0.13f, 0.28f}, detail);
}

void draw_mountain(Pen& pen, Color color, Color detail) {
  pen.polygon(std::array{Point{0.35f, -0.45f}, Point{1.1f, 0.75f}, Point{-0.4f, 0.75f}}, mix(color, detail, 0.35f));
  pen.polygon(std::array{Point{-0.25f, -0.9f}, Point{0.75f, 0.75f}, Point{-1.2f, 0.75f}}, color);
  pen.polygon(std::array{Point{-0.25f, -0.9f}, Point{0.06f, -0.38f}, Point{-0.15f, -0.25f}, Point{-0.3f, -0.42f},
                         Point{-0.5f, -0.28f}, Point{-0.56f, -0.4f}},
              detail);
}

void draw_sun(Pen& pen, Color color, Color detail) {
  for (int i = 0; i < 12; ++i) {
    const float turn = static_cast<float>(i) / 12;
    pen.polygon(std::array{on_circle(turn, 1.1f), on_circle(turn + 0.03f, 0.68f), on_circle(turn - 0.03f, 0.68f)},
                color);
  }
  pen.disc({0, 0}, 0.58f, color);
  pen.ring(0.42f, 0.06f, detail);
}

void draw_flower(Pen& pen, Color color, Color detail) {
  for (int i = 0; i < 6; ++i) pen.disc(on_circle(static_cast<float>(i) / 6, 0.62f), 0.38f, color);
  pen.disc({0, 0}, 0.36f, detail);
}

void draw_berries(Pen& pen, Color color, Color detail) {
  pen.line({0.1f, -1}, {-0.45f, 0.1f}, 0.09f, detail);
  pen.line({0.1f, -1}, {0.5f, 0.3f}, 0.09f, detail);
  pen.disc({-0.48f, 0.35f}, 0.48f, color);
  pen.disc({0.52f, 0.5f}, 0.46f, color);
  pen.disc({-0.6f, 0.2f}, 0.12f, detail);
  pen.disc({0.4f, 0.36f}, 0.12f, detail);
}

void draw_crown(Pen& pen, Color color, Color detail) {
  pen.polygon(std::array{Point{-1, -0.5f}, Point{-0.5f, 0}, Point{0, -0.85f}, Point{0.5f, 0}, Point{1, -0.5f},
                         Point{0.8f, 0.7f}, Point{-0.8f, 0.7f}},
              color);
  pen.line({-0.66f, 0.45f}, {0.66f, 0.45f}, 0.14f, detail);
  for (const Point tip : {Point{-1, -0.55f}, Point{0, -0.9f}, Point{1, -0.55f}}) pen.disc(tip, 0.14f, color);
}

void draw_fish(Pen& pen, Color color, Color detail) {
  pen.polygon(std::array{Point{0.45f, 0}, Point{1.1f, -0.55f}, Point{1.1f, 0.55f}}, color);
  pen.lens({-0.2f, 0.6f}, {-0.2f, -0.6f}, 1.1f, color);
  pen.disc({-0.7f, -0.12f}, 0.11f, detail);
  pen.line({-0.4f, -0.3f}, {-0.4f, 0.3f}, 0.07f, detail);
}

void draw_heart(Pen& pen, Color color, Color detail) {
  pen.disc({-0.45f, -0.3f}, 0.52f, color);
  pen.disc({0.45f, -0.3f}, 0.52f, color);
  pen.polygon(std::array{Point{-0.9f, -0.06f}, Point{0, -0.3f}, Point{0.9f, -0.06f}, Point{0, 0.95f}}, color);
  pen.ellipse({-0.5f, -0.42f}, {0.18f, 0.13f}, detail);
}

void draw_wheat(Pen& pen, Color color, Color detail) {
  pen.line({0, 1.05f}, {0, -0.6f}, 0.1f, detail);
  pen.ellipse({0, -0.78f}, {0.17f, 0.32f}, color);
  for (const float y : {-0.35f, 0.05f, 0.45f}) {
    pen.polygon(std::array{Point{0.05f, y + 0.2f}, Point{0.2f, y - 0.25f}, Point{0.65f, y - 0.4f}, Point{0.5f, y}},
                color);
    pen.polygon(std::array{Point{-0.05f, y + 0.2f}, Point{-0.2f, y - 0.25f}, Point{-0.65f, y - 0.4f}, Point{-0.5f, y}},
                color);
  }
}

using Draw = void (*)(Pen&, Color, Color);
constexpr std::array<Draw, emblem_count> drawings{draw_disc,     draw_star, draw_leaf,   draw_drop,
                                                  draw_mountain, draw_sun,  draw_flower, draw_berries,
                                                  draw_crown,    draw_fish, draw_heart,  draw_wheat};

}  // namespace

void draw_emblem(Canvas& canvas, Emblem emblem, Point centre, float radius, Color color, Color detail) {
  Pen pen(canvas, centre, radius);
  drawings[static_cast<std::size_t>(emblem)](pen, color, detail);
}

}  // namespace matcher::demo
