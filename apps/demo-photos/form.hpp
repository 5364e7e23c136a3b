// The forms of packages: their outlines, and where cap and label are.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "demo-photos/geometry.hpp"

namespace matcher::demo {

enum class Form { box, carton, can, bottle, jar, tub, pouch, bag, tube };
inline constexpr int form_count = 9;

/// How the surface bends: round about the long axis, a block with a front and two sides, or a cushion.
enum class Body { round, block, cushion };

/// At height `y` (0 is the top, 1 the bottom) the package reaches `reach` of its half width to either side.
struct Knot {
  float y;
  float reach;
};

/// Lengths are parts of the height.
struct FormTraits {
  std::string_view name;
  Body body;
  float narrowest;  ///< width over height
  float widest;
  float tallest;  ///< in the photo, as a part of its side
  Knot cap;       ///< from y to `reach`; none when they are equal
  Knot label;     ///< from y to `reach`: where print may stand
  bool wrapped;   ///< the print covers the whole body; otherwise a label lies on glass or plastic
  std::span<const Knot> outline;
};

const FormTraits& traits_of(Form form);

/// A form's outline as a table, for use at every pixel.
class Outline {
 public:
  explicit Outline(Form form);

  /// The part of the half width that is reached at height `y`, 0 to 1.
  float reach(float y) const {
    return table_[static_cast<std::size_t>(y <= 0 ? 0 : y >= 1 ? last : static_cast<int>(y * last + 0.5f))];
  }

 private:
  static constexpr int last = 511;
  std::array<float, last + 1> table_;
};

}  // namespace matcher::demo
