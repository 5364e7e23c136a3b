// What is printed on packages: made-up brands, flavours and goods.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "demo-photos/form.hpp"
#include "demo-photos/random.hpp"

namespace matcher::demo {

/// A flavour or kind, and the hue that usually stands for it.
struct Flavour {
  std::string_view word;
  float hue;
};

inline constexpr int flavour_count = 23;

/// `index` counts round and round.
const Flavour& flavour(int index);

/// Capital letters, 4 to 9 of them.
std::string invent_brand(Random& random);

/// What such a package may hold.
std::string_view pick_good(Form form, Random& random);

std::string pick_weight(Form form, Random& random);

/// "OLIVE OIL" as "Olive Oil".
std::string title_case(std::string_view words);

}  // namespace matcher::demo
