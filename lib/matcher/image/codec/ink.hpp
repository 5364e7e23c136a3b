// Converts ink on paper to light, as Pillow turns CMYK into RGB.
#pragma once

#include <cstdint>

namespace matcher::image {

/// The light that remains of `paper` (255 minus black) under `ink` (0 is none): paper - ink * paper / 255, with the
/// product rounded to nearest.
inline std::uint8_t light_under_ink(int ink, int paper) {
  const int scaled = ink * paper + 128;
  return static_cast<std::uint8_t>(paper - ((scaled + (scaled >> 8)) >> 8));
}

}  // namespace matcher::image
