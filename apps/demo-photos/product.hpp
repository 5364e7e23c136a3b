// What a product looks like, from the seed and its number alone.
#pragma once

#include <string>

#include "demo-photos/color.hpp"
#include "demo-photos/font.hpp"
#include "demo-photos/form.hpp"

namespace matcher::demo {

/// Known products are in the gallery, unknown ones only among the queries; decor stands about in the background and
/// has no label.
enum class Range { known, unknown, decor };

enum class Pattern { plain, fade, stripes, columns, diagonal, dots, checks, rings, waves, zigzag, rays };
inline constexpr int pattern_count = 11;

enum class Layout { banner, medallion, sheet, split, column, sash };
inline constexpr int layout_count = 6;

enum class Emblem { disc, star, leaf, drop, mountain, sun, flower, berries, crown, fish, heart, wheat };
inline constexpr int emblem_count = 12;

/// What all variants of a brand have in common.
struct Look {
  float aspect = 0.5f;  ///< width over height of the front
  Color base;           ///< of the body
  Color second;         ///< of pattern and plates
  Color paper;          ///< of label sheets
  Color cap;            ///< of lids and caps
  Pattern pattern = Pattern::plain;
  float period = 0.1f;  ///< of the pattern, in package heights
  Layout layout = Layout::banner;
  Emblem emblem = Emblem::disc;
  bool emblem_follows_variant = true;
  Typeface face;
};

struct Product {
  std::string label;  ///< p0001 for known, u0001 for unknown products
  Form form = Form::box;
  Look look;
  Color accent;  ///< of the variant
  std::string brand;
  std::string variant;
  std::string good;
  std::string weight;

  std::string_view category() const { return traits_of(form).name; }
  std::string name() const;
};

/// `number` counts from 0. Some neighbours are variants of one brand, and every third unknown product is a further
/// variant of a known one, as on real shelves.
Product make_product(std::uint64_t seed, Range range, int number);

}  // namespace matcher::demo
