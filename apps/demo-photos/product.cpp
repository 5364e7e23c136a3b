#include "demo-photos/product.hpp"

#include <fmt/format.h>

#include "demo-photos/random.hpp"

namespace matcher::demo {
namespace {

/// In the order of their hues. The number is prime, so that a brand's variants differ: see make_product.
constexpr std::array flavours{"CHERRY", "COCOA", "ORANGE", "VANILLA", "LEMON", "OLIVE", "APPLE", "MILD", "PINE",
                              "MINT",   "LIGHT", "OCEAN",  "FROST",   "NIGHT", "FIG",   "BERRY", "PLUM"};
constexpr std::array syllables{"BA",  "KO",  "LU",  "MI", "NOR", "PEL", "RA",  "SOL", "TA",
                               "VEL", "RIX", "GAL", "TO", "DEL", "JU",  "WIN", "CAS"};

constexpr std::array<FormTraits, form_count> forms{{
    {"box", 0.55f, 0.82f, 0.74f, 0, 0.03f, 0.97f, {"CEREAL", "TEA", "CRACKERS", "PASTA", "RICE", "COOKIES"}},
    {"can", 0.52f, 0.7f, 0.68f, 0.045f, 0.07f, 0.95f, {"TOMATOES", "BEANS", "TUNA", "COLA", "CORN", "SODA"}},
    {"bottle", 0.3f, 0.4f, 0.86f, 0.09f, 0.4f, 0.92f, {"WATER", "OIL", "VINEGAR", "SHAMPOO", "SYRUP", "KETCHUP"}},
    {"pouch", 0.62f, 0.8f, 0.74f, 0.085f, 0.13f, 0.93f, {"COFFEE", "NUTS", "RAISINS", "SUGAR", "LENTILS", "FLOUR"}},
}};

}  // namespace

const FormTraits& Product::traits() const { return forms[std::size_t(form)]; }

Product make_product(std::uint64_t seed, Range range, int number) {
  // In each block of four known products, the first three are variants of one brand.
  const bool known = range == Range::known;
  const int position = known ? number : number / 3;
  const int variant = position % 4 % 3;
  const bool known_brand = known || number % 3 == 0;
  Random random{seed, known_brand, std::uint64_t(known_brand ? position - variant : number)};
  Product product{};
  product.key = Random{seed, std::uint64_t(range), std::uint64_t(number)}.next();
  product.label = fmt::format("{}{:04}", known ? 'p' : 'u', number + 1);
  product.form = Form(random.below(form_count));
  product.aspect = random.between(product.traits().narrowest, product.traits().widest);
  const float hue = random.between(0, 1);
  const float other = hue + random.between(0.2f, 0.8f);
  const float saturation = random.between(0.1f, 0.95f);
  product.base = from_hsv(hue, saturation, random.between(0.3f, 0.95f));
  product.second = from_hsv(other, 0.75f, random.between(0.3f, 0.9f));
  product.paper = from_hsv(other, random.chance(0.3f) ? 0.25f : 0.04f, 0.96f);
  product.pattern = Pattern(random.below(pattern_count));
  product.period = random.between(0.06f, 0.16f);
  product.layout = Layout(random.below(layout_count));
  product.emblem = Emblem(random.below(emblem_count));
  product.weight = random.between(0.11f, 0.24f);
  for (int i = 0; i < 2; ++i) product.brand += random.pick(syllables);
  product.good = random.pick(product.traits().goods);
  // The step is prime to the number of flavours, so that no two variants of a brand share one.
  const int count = int(flavours.size());
  const int start = random.below(count);
  const int step = 1 + random.below(count - 1);
  const int flavour = (start + step * (known ? variant : variant + 3)) % count;
  product.variant = flavours[std::size_t(flavour)];
  product.accent = from_hsv(float(flavour) / float(count), 0.8f, random.between(0.6f, 0.95f));
  return product;
}

}  // namespace matcher::demo
