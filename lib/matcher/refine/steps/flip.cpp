#include <algorithm>

#include "matcher/refine/steps.hpp"

namespace matcher::refine {
namespace {

void mirror(std::span<std::uint8_t> pixels, std::size_t width, std::size_t channels) {
  const auto row = width * channels;
  for (std::size_t first = 0; first + row <= pixels.size() && row > 0; first += row) {
    for (std::size_t left = 0, right = width - 1; left < right; ++left, --right) {
      auto* const line = pixels.data() + first;
      std::swap_ranges(line + left * channels, line + (left + 1) * channels, line + right * channels);
    }
  }
}

}  // namespace

const Step flip_step{.name = "flip",
                     .summary = "mean with the mirror image; twice the time to embed",
                     .stage = Stage::embedding,
                     .change_pixels = mirror};

}  // namespace matcher::refine
