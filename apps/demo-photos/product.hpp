// Chooses how a product looks, from the seed and its number alone.
#pragma once

#include <array>
#include <string>

#include "demo-photos/canvas.hpp"

namespace matcher::demo {

/// Known products are in the gallery, unknown ones only among the queries.
enum class Range { known, unknown };

enum class Form { box, can, bottle, pouch };
enum class Pattern { plain, stripes, dots, checks };
enum class Layout { banner, medallion, sheet };
enum class Emblem { star, sun, flower, house, fish, heart };
inline constexpr int form_count = 4, pattern_count = 4, layout_count = 3, emblem_count = 6;

/// Lengths are parts of the package's height.
struct FormTraits {
  const char* name;
  float narrowest, widest;             ///< width over height of the front
  float tallest;                       ///< height in the photo, as a part of the photo's side
  float cap, label_top, label_bottom;  ///< the end of the cap, and both ends of the label
  std::array<const char*, 6> goods;
};

/// The variants of a brand differ in the label, the variant and the accent.
struct Product {
  std::uint64_t key;  ///< the seed of its photos
  std::string label;  ///< p0001 for known, u0001 for unknown products
  Form form;
  float aspect;         ///< width over height of the front
  Color base, second;   ///< colours of the body; and of the pattern, the brand and the cap
  Color paper, accent;  ///< colours behind the print; and of the variant
  Pattern pattern;
  float period;  ///< width of a pattern's period, in package heights
  Layout layout;
  Emblem emblem;
  float weight;  ///< weight of the brand's letters
  std::string brand, variant, good;

  const FormTraits& traits() const;
  std::string name() const { return brand + " " + variant + " " + good; }
};

/// `number` counts from 0. Some neighbours are variants of one brand, and every third unknown product is another
/// variant of a known brand.
Product make_product(std::uint64_t seed, Range range, int number);

}  // namespace matcher::demo
