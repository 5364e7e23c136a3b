#include "matcher/core/box.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace matcher {
namespace {

/// Takes a finite number and the text behind it.
std::optional<double> take_number(std::string_view& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || !std::isfinite(value)) return std::nullopt;
  text.remove_prefix(std::size_t(end - text.data()));
  return value;
}

bool take(std::string_view& text, std::string_view start) {
  if (!text.starts_with(start)) return false;
  text.remove_prefix(start.size());
  return true;
}

double short_number(double value) { return std::round(value * 1e9) / 1e9; }

/// Rounds half to even, and keeps the result within an int.
int round_pixel(double value) { return int(std::nearbyint(std::clamp(value, -1e9, 1e9))); }

/// The pixels of a box with a margin, which may be outside the image.
PixelBox round_corners(const Box& box, double margin, int width, int height) {
  const double sx = box.fractions ? width : 1, sy = box.fractions ? height : 1;
  const double dx = margin * box.width, dy = margin * box.height;
  return {round_pixel((box.x - dx) * sx), round_pixel((box.y - dy) * sy), round_pixel((box.x + box.width + dx) * sx),
          round_pixel((box.y + box.height + dy) * sy)};
}

PixelBox clip(const PixelBox& box, int width, int height) {
  return {std::clamp(box.left, 0, width), std::clamp(box.top, 0, height), std::clamp(box.right, 0, width),
          std::clamp(box.bottom, 0, height)};
}

}  // namespace

Box box_of_corners(double x1, double y1, double x2, double y2) {
  return {x1, y1, short_number(x2 - x1), short_number(y2 - y1)};
}

std::string to_string(const Box& box) { return fmt::format("{},{},{},{}", box.x, box.y, box.width, box.height); }

std::string describe_crop(const Box& box) {
  return to_string(box) + (box.fractions ? ";fractions" : "") +
         (box.margin == 0 ? "" : fmt::format(";margin={}", box.margin));
}

std::string place_suffix(const Box& box) {
  return describe_crop(box) + (box.of_width > 0 ? fmt::format(";of={}x{}", box.of_width, box.of_height) : "");
}

std::optional<Box> parse_box(std::string_view text) {
  std::array<double, 4> values{};
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto value = i == 0 || take(text, ",") ? take_number(text) : std::nullopt;
    if (!value) return std::nullopt;
    values[i] = *value;
  }
  Box box{values[0], values[1], values[2], values[3]};
  box.fractions = take(text, ";fractions");
  if (take(text, ";margin=")) box.margin = take_number(text).value_or(-1);
  if (take(text, ";of=")) {
    box.of_width = int(take_number(text).value_or(0));
    box.of_height = take(text, "x") ? int(take_number(text).value_or(0)) : 0;
    if (box.of_width <= 0 || box.of_height <= 0) return std::nullopt;
  }
  const bool is_valid = text.empty() && box.width > 0 && box.height > 0 && box.margin >= 0;
  return is_valid ? std::optional(box) : std::nullopt;
}

std::optional<PixelBox> find_pixels(const Box& box, int width, int height) {
  const auto bare = round_corners(box, 0, width, height);
  const auto inside = clip(bare, width, height);
  if (inside.left >= inside.right || inside.top >= inside.bottom) return std::nullopt;
  auto pixels = clip(round_corners(box, box.margin, width, height), width, height);
  pixels.clipped = bare.left < 0 || bare.top < 0 || bare.right > width || bare.bottom > height;
  return pixels;
}

}  // namespace matcher
