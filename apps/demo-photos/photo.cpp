#include "demo-photos/photo.hpp"

#include "demo-photos/random.hpp"

namespace matcher::demo {
namespace {

/// How a package stands before the camera; angles are in radians.
struct Pose {
  Point centre;
  float height;    ///< height of the package, as a part of the photo's side
  float roll;      ///< in the plane of the photo
  float yaw;       ///< about the package's long axis
  float keystone;  ///< makes the bottom wider than the top
  float light;     ///< from the left (-1) or the right (1)
};

/// The point of the print that a pixel shows, and how bright it is.
struct Hit {
  bool inside = false;
  Point print;
  float light = 1;
};

/// The part of the half width that the package reaches at height `y`: 0 is its top, 1 its bottom.
float outline(Form form, float y) {
  const float foot = 1 - 0.08f * smooth_step(0.95f, 1, y);
  if (form == Form::can) return foot - 0.08f * smooth_step(0.04f, 0, y);
  if (form == Form::bottle) return foot * (0.3f + 0.7f * smooth_step(0.12f, 0.36f, y));
  return foot * (0.94f + 0.06f * smooth_step(0, 0.8f, y));
}

/// A front, and a side that comes into view with yaw. Whatever is farther away is smaller.
Hit hit_box(const Product& product, const Pose& pose, Point p) {
  const float turn = pose.yaw > 0 ? 1 : -1;
  const float front = product.aspect * cosine(pose.yaw);
  const float side = product.aspect * turn * sine(pose.yaw);
  // In front widths from the near edge: positive on the front, negative on the side.
  const float x = turn * p.x + (front - side * side_width) / 2;
  const float across = x < 0 ? x / side : x / front;
  const float y = 0.5f + (p.y - 0.5f) / (1 - 0.35f * std::abs(across) * (x < 0 ? front : side));
  if (across < -side_width || across > 1 || y < 0 || y > 1) return {};
  return {true, {product.aspect * (turn > 0 ? across : 1 - across), y}, x < 0 ? 0.7f - 0.3f * turn * pose.light : 1};
}

/// Cans and bottles have their print round the long axis, and its lines sag, as seen from above. Pouches are flatter.
Hit hit_body(const Product& product, const Pose& pose, Point p) {
  const float half = product.aspect / 2;
  const float across = p.x / (half * outline(product.form, p.y));
  if (p.y < 0 || p.y > 1 || std::abs(across) > 1) return {};
  const float edge = across * across * across * across;
  const float angle = across * (1 + 0.57f * edge) + pose.yaw;  // close to the arc sine
  const float sag = 0.08f * half * std::sqrt(1 - across * across);
  const float gloss = 0.3f * smooth_step(0.16f, 0, std::abs(across - pose.light));
  const float light = 1 + 0.3f * across * pose.light + gloss - 0.5f * edge;
  if (product.form == Form::pouch) return {true, {half + half * across, p.y}, light};
  return {true, {half + half * angle, std::max(p.y - sag, 0.0f)}, light};
}

/// Averages four points per pixel.
void draw_package(Canvas& photo, const Package& package, const Pose& pose) {
  const Product& product = package.product;
  const auto hit = product.form == Form::box ? hit_box : hit_body;
  const Point axis{cosine(pose.roll), sine(pose.roll)};
  photo.change(around(pose.centre, pose.height * (0.6f + product.aspect / 3)), [&](Point pixel, Color behind) {
    Color sum;
    for (const Point offset : {Point{-0.25f, -0.25f}, {0.25f, -0.25f}, {-0.25f, 0.25f}, {0.25f, 0.25f}}) {
      const Point p = (pixel + offset * (1 / photo.scale()) - pose.centre) * (1 / pose.height);
      const Point upright{dot(p, axis), p.y * axis.x - p.x * axis.y};
      const Hit found = hit(product, pose, upright * (1 / (1 + pose.keystone * upright.y)) + Point{0, 0.5f});
      sum = sum + (found.inside ? package.artwork.nearest(found.print) * found.light : behind);
    }
    return sum * 0.25f;
  });
}

/// A plain wall and ground, with the package's shadow.
void draw_sweep(Canvas& photo, const Product& product, const Pose& pose, Random& random) {
  const float hue = random.between(0, 1);
  const Color wall = from_hsv(hue, random.between(0, 0.06f), 0.94f);
  const Point foot = pose.centre + Point{0.02f, pose.height / 2};
  photo.change(photo.world(), [&](Point p, Color) {
    const Point from_foot{(p.x - foot.x) / product.aspect / pose.height, (p.y - foot.y) * 9};
    return wall * ((p.y < 0.75f ? 1 : 0.92f) - 0.4f * smooth_step(0.75f, 0.35f, length(from_foot)));
  });
}

/// Boards of a shop's shelf, with coloured packages on them.
void draw_shelf(Canvas& photo, Random& random) {
  fill_box(photo, photo.world(), Color{90, 85, 80});
  const float spacing = random.between(0.36f, 0.6f);
  for (float y = random.between(0.2f, 0.4f); y < 1 + spacing; y += spacing) {
    for (float x = random.between(-0.15f, 0); x < 1;) {
      const float hue = random.between(0, 1);
      const Color color = from_hsv(hue, 0.35f, random.between(0.3f, 0.9f));
      const float top = y - spacing * random.between(0.55f, 0.85f);
      const float width = random.between(0.08f, 0.2f);
      fill_box(photo, {x, top, x + width - 0.01f, y}, color);
      fill_box(photo, {x + 0.01f, top + 0.06f, x + width - 0.02f, top + 0.14f}, mix(color, ink_on(color), 0.4f));
      x += width;
    }
    fill_box(photo, {0, y, 1, y + 0.05f}, {196, 178, 150});
    fill_box(photo, {0, y + 0.05f, 1, y + 0.07f}, {50, 45, 40});
  }
}

/// Four fingers that hold the package from the left or the right.
void draw_fingers(Canvas& photo, Random& random) {
  const Color skin = from_hsv(0.06f, 0.45f, random.between(0.4f, 0.95f));
  const float top = random.between(0.4f, 0.7f);
  const float reach = random.between(0.24f, 0.4f) / 8;
  const bool left = random.chance(0.5f);
  for (const float y : {top, top + 0.085f, top + 0.17f, top + 0.255f}) {
    draw_strokes(photo, "0081", {left ? 0.0f : 1.0f, y}, {left ? reach : -reach, -0.02f}, 0.08f, skin);
  }
}

/// Adds the light, the blur and the noise of a camera. `strength` is 0 to 1.
void develop(Canvas& photo, Random& random, float strength) {
  const float level = 1 + strength * random.between(-0.4f, 0.25f);
  const float red = level * (1 + strength * random.between(-0.14f, 0.16f));
  const float blue = level * (1 + strength * random.between(-0.2f, 0.16f));
  const Point gradient = Point{random.between(-0.6f, 0.6f), random.between(-0.5f, 0.5f)} * strength;
  const Point blur = Point{random.between(0, 2), random.between(0, 1.2f)} * (strength / 256);
  const float noise = strength * random.between(2, 10);
  const Canvas sharp = photo;
  photo.change(photo.world(), [&](Point p, Color color) {
    for (const Point tap : {Point{-1, -1}, {1, -1}, {-1, 1}, {1, 1}}) {
      color = color + sharp.nearest(p + Point{tap.x * blur.x, tap.y * blur.y});
    }
    const float light = (1 + dot(gradient, p - Point{0.5f, 0.5f})) / 5;
    const auto grain = [&] { return noise * (random.between(-1, 1) + random.between(-1, 1)); };
    return Color{color.r * red * light + grain(), color.g * level * light + grain(), color.b * blue * light + grain()};
  });
}

/// `strength` is 0 to 1.
Pose choose_pose(const Product& product, Random& random, float strength) {
  const auto about = [&](float reach) { return strength * random.between(-reach, reach); };
  const float tilt = about(0.7f);  // squared below, as most people hold their phone nearly straight
  const float tallest = std::min(product.traits().tallest, 0.62f / product.aspect);  // must fit across the photo too
  return {.centre = {0.5f + about(0.1f), 0.5f + about(0.08f)},
          .height = tallest * (0.97f - 0.06f * strength + about(0.2f)),
          .roll = tilt * std::abs(tilt),
          .yaw = about(0.7f),
          .keystone = about(0.2f),
          .light = about(0.7f)};
}

}  // namespace

image::Image draw_photo(const Package& package, Split split, std::uint64_t view) {
  const bool hard = split == Split::query;
  Random random{package.product.key, std::uint64_t(split), view};
  Canvas photo({0, 0, 1, 1}, float(package.size));
  Pose pose = choose_pose(package.product, random, hard ? 1 : 0.2f);
  // The first gallery view is the front, the next ones show a little of the left and the right.
  if (!hard && view > 0) pose.yaw += view % 2 == 1 ? 0.4f : -0.4f;
  hard ? draw_shelf(photo, random) : draw_sweep(photo, package.product, pose, random);
  draw_package(photo, package, pose);
  if (hard && random.chance(0.5f)) draw_fingers(photo, random);
  develop(photo, random, hard ? 1 : 0.15f);
  return photo.image();
}

}  // namespace matcher::demo
