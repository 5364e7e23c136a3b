// Rotary positions: the angles by which blocks turn queries and keys. Reference: Su and others, "RoFormer: Enhanced
// Transformer with Rotary Position Embedding".
#pragma once

#include <cstdint>
#include <string>

namespace matcher::model {

/// Name of the method that returns the angles' cosines and sines.
inline constexpr const char* turns_method = "turns";

/// How the middle of a patch becomes a coordinate.
enum class Coordinates {
  unit,    ///< -1 to 1 along each side, times 2 pi
  patches  ///< the patch's number, scaled to the reference grid
};

struct RotaryShape {
  std::int64_t head = 0;   ///< numbers per head
  std::int64_t front = 0;  ///< tokens before the patches, which are not turned
  double theta = 100;      ///< base of the frequencies
  Coordinates coordinates = Coordinates::unit;
  double offset = 0;                ///< added to the numbers of patches
  std::int64_t reference_side = 0;  ///< patches; 0: the image's own
  bool column_first = false;        ///< the first half of the angles is the column's
};

/// Returns the source of `turns(rows, columns) -> [2, front + rows * columns, head / 2]`, in fp32.
std::string turns_source(const RotaryShape& shape);

}  // namespace matcher::model
