// Ink on paper, as Pillow turns CMYK into RGB. Private to this layer.
#pragma once

#include <cstdint>

namespace matcher::image {

/// What is left of the light of `paper` (255 minus black) under `ink` (0 is none): paper - ink * paper / 255, the
/// product rounded to nearest.
inline std::uint8_t light_under_ink(int ink, int paper) {
  const int scaled = ink * paper + 128;
  return static_cast<std::uint8_t>(paper - ((scaled + (scaled >> 8)) >> 8));
}

}  // namespace matcher::image
