#include "demo-photos/effects.hpp"

namespace matcher::demo {
namespace {

std::uint8_t to_byte(float value) {
  return static_cast<std::uint8_t>(static_cast<int>(std::min(std::max(value + 0.5f, 0.0f), 255.0f)));
}

void scale_row(std::uint8_t* pixel, const std::vector<float>& levels, Color gain) {
  for (const float level : levels) {
    pixel[0] = to_byte(pixel[0] * (level * gain.r));
    pixel[1] = to_byte(pixel[1] * (level * gain.g));
    pixel[2] = to_byte(pixel[2] * (level * gain.b));
    pixel += 3;
  }
}

/// 1 / window in 1/65536, rounded up.
int reciprocal_of(int window) { return (1 << 16) / window + 1; }

std::uint8_t mean(int sum, int reciprocal) {
  return static_cast<std::uint8_t>(std::min((sum * reciprocal) >> 16, 255));
}

/// `padded` repeats the borders of a row: radius + 1 pixels left and right of it.
void pad_row(const std::uint8_t* row, int width, int radius, std::vector<std::uint8_t>& padded) {
  std::uint8_t* out = padded.data();
  for (int x = -radius - 1; x <= width + radius; ++x) {
    const std::uint8_t* pixel = row + std::clamp(x, 0, width - 1) * 3;
    out = std::copy(pixel, pixel + 3, out);
  }
}

void mean_rows(image::Image& photo, int radius) {
  const int window = 2 * radius + 1;
  const int reciprocal = reciprocal_of(window);
  std::vector<std::uint8_t> padded(static_cast<std::size_t>(photo.width + 2 * radius + 2) * 3);
  for (int y = 0; y < photo.height; ++y) {
    pad_row(photo.row(y), photo.width, radius, padded);
    const std::uint8_t* leaving = padded.data();
    const std::uint8_t* entering = leaving + window * 3;
    std::array<int, 3> sums{};
    for (int i = 0; i < window * 3; ++i) sums[static_cast<std::size_t>(i % 3)] += leaving[i];
    std::uint8_t* out = photo.row(y);
    for (int x = 0; x < photo.width; ++x) {
      for (std::size_t c = 0; c < 3; ++c) *out++ = mean(sums[c] += *entering++ - *leaving++, reciprocal);
    }
  }
}

/// Whole rows at once, so that memory is read in order.
void mean_columns(image::Image& photo, int radius) {
  const image::Image before = photo;
  const std::size_t values = static_cast<std::size_t>(photo.width) * 3;
  const int reciprocal = reciprocal_of(2 * radius + 1);
  const auto row = [&](int y) { return before.row(std::clamp(y, 0, photo.height - 1)); };
  std::vector<int> sums(values, 0);
  for (int y = -radius; y <= radius; ++y) {
    for (std::size_t i = 0; i < values; ++i) sums[i] += row(y)[i];
  }
  for (int y = 0; y < photo.height; ++y) {
    std::uint8_t* out = photo.row(y);
    const std::uint8_t* entering = row(y + radius + 1);
    const std::uint8_t* leaving = row(y - radius);
    for (std::size_t i = 0; i < values; ++i) {
      out[i] = mean(sums[i], reciprocal);
      sums[i] += entering[i] - leaving[i];
    }
  }
}

}  // namespace

void apply_light(image::Image& photo, const Light& light) {
  const Point toward{cosine(light.shadow_turn * 2 * pi), sine(light.shadow_turn * 2 * pi)};
  const auto level_at = [&](Point p) {
    const float level = (1 + 2 * dot(light.gradient, p)) * (1 - light.vignette * 2 * dot(p, p));
    if (light.shadow == 0) return level;
    return level * (1 - light.shadow * smooth_step(-0.04f, 0.04f, dot(toward, p) - light.shadow_edge));
  };
  std::vector<float> levels(static_cast<std::size_t>(photo.width));
  for (int row = 0; row < photo.height; ++row) {
    const float y = (static_cast<float>(row) + 0.5f) / static_cast<float>(photo.height) - 0.5f;
    for (int column = 0; column < photo.width; ++column) {
      const float x = (static_cast<float>(column) + 0.5f) / static_cast<float>(photo.width) - 0.5f;
      levels[static_cast<std::size_t>(column)] = level_at({x, y});
    }
    scale_row(photo.row(row), levels, light.gain);
  }
}

void blur(image::Image& photo, int radius, int passes) {
  if (radius <= 0) return;
  for (int pass = 0; pass < passes; ++pass) {
    mean_rows(photo, radius);
    mean_columns(photo, radius);
  }
}

void blur_sideways(image::Image& photo, int radius) {
  if (radius > 0) mean_rows(photo, radius);
}

void add_noise(image::Image& photo, float deviation, Random& random) {
  // Two bytes a value make a triangle from -255 to 255 with a deviation of 104; in 1/65536 to stay with integers.
  const int factor = static_cast<int>(deviation / 104.0f * 65536.0f);
  const std::size_t values = photo.rgb.size();
  for (std::size_t i = 0; i < values; i += 4) {
    std::uint64_t bits = random.next();
    for (std::size_t j = i; j < std::min(i + 4, values); ++j, bits >>= 16) {
      const int triangle = static_cast<int>(bits & 255U) + static_cast<int>((bits >> 8) & 255U) - 255;
      photo.rgb[j] = static_cast<std::uint8_t>(std::clamp(photo.rgb[j] + ((triangle * factor) >> 16), 0, 255));
    }
  }
}

}  // namespace matcher::demo
