// Measures photos without a model: hashes of bytes and pixels, size, and small copies of the pixels.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "matcher/core/matrix.hpp"
#include "matcher/core/observer.hpp"

namespace matcher::pipeline {

inline constexpr int grain = 32;  ///< pixels per side of the small copy of a photo
inline constexpr std::size_t colour_numbers = 8 * 8 * 3;

struct PhotoFacts {
  bool looked_at = false;                              ///< false: there was no file to look at
  std::string reason;                                  ///< why the photo cannot be used; "" if it can
  std::string bytes, pixels;                           ///< hashes of the file, and of the decoded pixels
  int width = 0, height = 0;                           ///< as shown
  std::array<std::uint8_t, grain * grain> grey{};      ///< the photo squeezed to a square, row by row
  std::array<std::uint8_t, colour_numbers> colours{};  ///< the same smaller, in RGB
};

/// Looks at the photos of `paths` on `threads` threads; "" has no photo. Reports each to the observer.
std::vector<PhotoFacts> look_at_photos(Observer& observer, const std::vector<std::string>& paths, int threads);

enum class Turn { none, mirror, left, upside_down, right };

/// Returns what a turned or mirrored photo shows; its hashes stay.
PhotoFacts turned(const PhotoFacts& facts, Turn turn);

/// Writes the colours about their mean, scaled to length 1, to `out` [192]. Returns false for a photo of one colour.
bool describe_colours(const PhotoFacts& facts, std::span<float> out);

/// True if both photos show the same: after a change of brightness and contrast that fits best, no part of the small
/// copies differs by more than compressing or resizing again makes them differ.
bool shows_same(const PhotoFacts& a, const PhotoFacts& b);

}  // namespace matcher::pipeline
