#include "demo-photos/product.hpp"

#include <fmt/format.h>

#include "demo-photos/words.hpp"

namespace matcher::demo {
namespace {

/// A brand and the place of a product among its variants.
struct Place {
  Range range;
  int family;
  int variant;
};

/// Products come in blocks of six that are divided into families; so a family never depends on how many products
/// are asked for.
Place place_of(std::uint64_t seed, Range range, int number) {
  constexpr int block_size = 6;
  using Sizes = std::array<int, block_size>;
  static constexpr std::array<Sizes, 5> partitions{
      {{3, 2, 1}, {2, 2, 1, 1}, {1, 1, 1, 1, 1, 1}, {4, 1, 1}, {2, 1, 1, 1, 1}}};
  const int block = number / block_size;
  Random random(seed, Stream::partition, static_cast<std::uint64_t>(block));
  int first = 0;
  for (const int size : random.pick(partitions)) {
    if (number % block_size < first + size) break;
    first += size;
  }
  return {range, block * block_size + first, number % block_size - first};
}

Place find_place(std::uint64_t seed, Range range, int number) {
  if (range == Range::known) return place_of(seed, range, number);
  if (range == Range::decor || number % 3 != 0) return {range, number, 0};
  const int relative = number / 3;
  const Place place = place_of(seed, Range::known, relative);
  return {Range::known, place.family, 4 + relative - place.family};
}

std::uint64_t stream_number(Range range, int number) {
  return (static_cast<std::uint64_t>(range) << 32) + static_cast<std::uint64_t>(number);
}

void choose_colors(Look& look, Random& random) {
  static constexpr std::array<float, 6> steps{0.5f, 0.33f, 0.08f, 0.58f, 0.42f, 0.16f};
  const float hue = random.unit();
  const float other = hue + random.pick(steps);
  const float mood = random.unit();
  const float saturation = random.between(0.45f, 0.95f);
  const float value = mood < 0.2f ? random.between(0.15f, 0.3f) : random.between(0.55f, 0.95f);
  look.base = mood > 0.8f ? from_hsv(hue, 0.08f, 0.94f) : from_hsv(hue, saturation, value);
  const float depth = random.between(0.3f, 0.9f);
  look.second = random.chance(0.25f) ? from_hsv(hue, saturation * 0.6f, depth) : from_hsv(other, 0.75f, depth);
  look.paper =
      random.chance(0.7f) ? from_hsv(0.12f, random.between(0.0f, 0.14f), 0.97f) : from_hsv(other, 0.25f, 0.95f);
  const float metal = random.between(0.6f, 0.85f);
  look.cap = random.chance(0.4f) ? Color{255 * metal, 255 * metal, 260 * metal} : look.second;
}

Typeface choose_face(Random& random) {
  Typeface face;
  face.width = random.between(0.42f, 0.75f);
  face.weight = random.between(0.11f, 0.24f);
  face.slant = random.chance(0.3f) ? random.between(0.12f, 0.3f) : 0.0f;
  return face;
}

Look make_look(Form form, Random& random) {
  Look look;
  look.aspect = random.between(traits_of(form).narrowest, traits_of(form).widest);
  choose_colors(look, random);
  look.pattern = static_cast<Pattern>(random.below(pattern_count));
  look.period = random.between(0.06f, 0.16f);
  look.layout = static_cast<Layout>(random.below(layout_count));
  look.emblem = static_cast<Emblem>(random.below(emblem_count));
  look.emblem_follows_variant = random.chance(0.65f);
  look.face = choose_face(random);
  return look;
}

/// The step is prime to the number of flavours, so that no two variants of a brand share one.
void choose_variant(Product& product, const Place& place, Random& family) {
  const int start = family.below(flavour_count);
  const int step = 1 + family.below(flavour_count - 1);
  const Flavour& chosen = flavour(start + step * place.variant);
  const float saturation = family.between(0.6f, 0.95f);
  const float value = family.between(0.55f, 0.95f);
  product.variant = chosen.word;
  product.accent = from_hsv(chosen.hue, saturation, value);
}

}  // namespace

std::string Product::name() const {
  return fmt::format("{} {} {} {}", title_case(brand), title_case(variant), title_case(good), weight);
}

Product make_product(std::uint64_t seed, Range range, int number) {
  const Place place = find_place(seed, range, number);
  Random family(seed, Stream::family, stream_number(place.range, place.family));
  Product product;
  if (range != Range::decor) product.label = fmt::format("{}{:04}", range == Range::known ? 'p' : 'u', number + 1);
  product.form = static_cast<Form>(family.below(form_count));
  product.look = make_look(product.form, family);
  product.brand = invent_brand(family);
  product.good = pick_good(product.form, family);
  product.weight = pick_weight(product.form, family);
  choose_variant(product, place, family);
  return product;
}

}  // namespace matcher::demo
