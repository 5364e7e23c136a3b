#include "demo-photos/studio.hpp"

#include "demo-photos/artwork.hpp"
#include "demo-photos/composite.hpp"
#include "demo-photos/effects.hpp"

namespace matcher::demo {
namespace {

constexpr int decor_count = 24;
/// Pixels of artwork for the height of a package, per pixel of the photo's side.
constexpr float artwork_detail = 1.3f;
constexpr float decor_detail = 0.6f;

Canvas blank_photo(float size) { return Canvas({0, 0, 1, 1}, size); }

/// Flat packages cannot show another side: they are turned as a whole.
bool turns_as_sheet(const Product& product) { return traits_of(product.form).body == Body::cushion; }

/// `pose` says where the middle of the package lands; its scale is that of the package's height.
void place(Canvas& photo, const Package& package, Standpoint from, Pose pose) {
  if (turns_as_sheet(package.product)) {
    pose.yaw = from.yaw;
    from.yaw = 0;
  }
  const Sprite sprite = make_sprite(package.product, package.artwork, from);
  composite(photo, sprite, project(pose) * shift({0, -0.5f}));
}

void drop_shadow(Canvas& photo, const Package& package, const Pose& pose) {
  const float half = package.product.look.aspect * pose.scale * 0.5f;
  const Point foot{pose.centre.x + 0.02f, pose.centre.y + pose.scale * 0.5f};
  for (const float spread : {1.35f, 1.2f, 1.05f}) {
    fill_ellipse(photo, foot, {half * spread, 0.035f * spread}, {25, 25, 32}, 0.16f);
  }
}

/// Wide things must fit across the photo too.
float fitting_height(const Product& product, float share) {
  return std::min(traits_of(product.form).tallest * share, 0.62f / product.look.aspect);
}

Light mild_light(Random& random) {
  Light light;
  const float level = random.between(0.92f, 1.06f);
  light.gain = {level * random.between(0.98f, 1.02f), level, level * random.between(0.97f, 1.03f)};
  light.gradient = {random.between(-0.05f, 0.05f), random.between(-0.04f, 0.02f)};
  return light;
}

Light harsh_light(Random& random) {
  Light light;
  const float level = random.between(0.62f, 1.22f);
  light.gain = {level * random.between(0.86f, 1.16f), level, level * random.between(0.8f, 1.16f)};
  light.gradient = {random.between(-0.3f, 0.3f), random.between(-0.25f, 0.25f)};
  light.vignette = random.between(0, 0.5f);
  light.shadow = random.chance(0.4f) ? random.between(0.25f, 0.5f) : 0.0f;
  light.shadow_turn = random.unit();
  light.shadow_edge = random.between(-0.1f, 0.3f);
  return light;
}

Pose hard_pose(const Product& product, Random& random) {
  Pose pose;
  pose.centre = {random.between(0.4f, 0.6f), random.between(0.42f, 0.58f)};
  pose.scale = fitting_height(product, random.between(0.7f, 1.12f));
  // Squared, as most people hold their phone nearly straight.
  const float tilt = random.between(-1, 1);
  pose.roll = tilt * std::abs(tilt) * (random.chance(0.12f) ? 1.6f : 0.5f);
  pose.pitch = random.between(-0.38f, 0.38f);
  return pose;
}

Standpoint hard_standpoint(Random& random) {
  return {random.between(-0.7f, 0.7f), random.between(0.0f, 0.3f), random.between(-0.7f, 0.7f)};
}

/// Radii grow with the photo, so that its look does not depend on the size.
void spoil(image::Image& photo, Random& random) {
  const float pixel = static_cast<float>(photo.width) / 256;
  const float softness = random.unit();
  const float shake = random.unit();
  if (softness > 0.5f) blur(photo, static_cast<int>(pixel * (softness > 0.85f ? 1.6f : 1.0f) + 0.5f));
  if (shake > 0.75f) blur_sideways(photo, static_cast<int>(pixel * 2 + 0.5f));
  const float deviation = random.between(2, 11);
  add_noise(photo, deviation, random);
}

Sprites make_decor(std::uint64_t seed, float size) {
  Sprites sprites;
  Random random(seed, Stream::decor);
  for (int number = 0; number < decor_count; ++number) {
    const Product product = make_product(seed, Range::decor, number);
    const Standpoint from{random.between(-0.3f, 0.3f), 0.05f, random.between(-0.6f, 0.6f)};
    sprites.push_back(make_sprite(product, draw_artwork(product, size * decor_detail), from));
  }
  return sprites;
}

}  // namespace

Studio::Studio(std::uint64_t seed, int size)
    : seed_(seed), size_(static_cast<float>(size)), decor_(make_decor(seed, size_)) {}

Package Studio::package(Range range, int number) const {
  Product product = make_product(seed_, range, number);
  Canvas artwork = draw_artwork(product, size_ * artwork_detail * traits_of(product.form).tallest);
  return {range, number, std::move(product), std::move(artwork)};
}

Random Studio::stream(Stream kind, const Package& package, int view) const {
  const auto range = static_cast<std::uint64_t>(package.range) << 32;
  return {seed_, kind, range + static_cast<std::uint64_t>(package.number), static_cast<std::uint64_t>(view)};
}

image::Image Studio::gallery_photo(const Package& package, int view) const {
  Random random = stream(Stream::gallery, package, view);
  Canvas photo = blank_photo(size_);
  draw_studio(photo, random);
  // The first view is the front, the next ones show a little of the left and the right.
  const float side = view == 0 ? 0.0f : view % 2 == 1 ? 0.4f : -0.4f;
  const Standpoint from{side + random.between(-0.12f, 0.12f), random.between(0.05f, 0.16f),
                        random.between(-0.5f, 0.5f)};
  Pose pose;
  pose.centre = {0.5f + random.between(-0.02f, 0.02f), 0.5f + random.between(-0.02f, 0.02f)};
  pose.scale = fitting_height(package.product, random.between(0.92f, 1.04f));
  pose.roll = random.between(-0.04f, 0.04f);
  pose.pitch = random.between(-0.06f, 0.06f);
  drop_shadow(photo, package, pose);
  place(photo, package, from, pose);
  apply_light(photo.image(), mild_light(random));
  add_noise(photo.image(), 1.2f, random);
  return std::move(photo.image());
}

image::Image Studio::query_photo(const Package& package, int view) const {
  Random random = stream(Stream::query, package, view);
  Canvas photo = blank_photo(size_);
  draw_clutter(photo, decor_, random);
  const float softness = random.between(1.0f, 3.0f);
  blur(photo.image(), static_cast<int>(softness * size_ / 256), 1);
  const Pose pose = hard_pose(package.product, random);
  place(photo, package, hard_standpoint(random), pose);
  if (random.chance(0.5f)) draw_obstacle(photo, decor_, random);
  apply_light(photo.image(), harsh_light(random));
  spoil(photo.image(), random);
  return std::move(photo.image());
}

}  // namespace matcher::demo
