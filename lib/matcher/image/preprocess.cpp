#include "matcher/image/preprocess.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <string>

#include "matcher/image/codec/limits.hpp"
#include "matcher/image/resize.hpp"
#include "matcher/image/resize/floats.hpp"

namespace matcher::image {
namespace {

[[noreturn]] void fail_length(const std::string& step) {
  throw std::invalid_argument(step + ": the output must hold 3 floats per pixel");
}

bool is_set(Size size) { return size.height > 0 && size.width > 0; }

// One axis of a centre crop: `count` samples from `from` on land at `to`.
struct Overlap {
  int from, to, count;
};

int half_of(int difference, CropRounding rounding) {
  if (rounding == CropRounding::down) return difference >> 1;  // also below zero
  const int half = difference / 2;                             // towards zero: torchvision pads so
  return difference > 0 && difference % 2 == 1 && half % 2 == 1 ? half + 1 : half;
}

Overlap overlap(int size, int crop, CropRounding rounding) {
  const int offset = half_of(size - crop, rounding);
  return {std::max(0, offset), std::max(0, -offset), std::min(size, crop)};
}

Image paste(const Image& image, Overlap rows, Overlap columns, Size canvas) {
  check_size(canvas.width, canvas.height);
  Image result{canvas.width, canvas.height, {}};
  result.rgb.resize(std::size_t(canvas.width) * std::size_t(canvas.height) * 3);
  for (int y = 0; y < rows.count; ++y)
    std::copy_n(image.row(rows.from + y) + std::size_t(columns.from) * 3, std::size_t(columns.count) * 3,
                result.row(rows.to + y) + std::size_t(columns.to) * 3);
  return result;
}

// torchvision pads the smaller half before the image, Pillow's way the larger.
Overlap overlap_in_floats(int size, int crop, CropRounding rounding) {
  return size < crop ? Overlap{0, (crop - size) / 2, size} : overlap(size, crop, rounding);
}

// The long side in whole pixels, rounded down as Python's int(edge * long / short).
int long_side(int edge, int longer, int shorter) {
  const std::int64_t side = std::int64_t(edge) * longer / shorter;
  if (side > std::numeric_limits<int>::max()) check_size(edge, side);
  return static_cast<int>(side);
}

// Pillow's AlphaComposite.c for an opaque background: 7 bits of precision, and a division by 255 without dividing.
std::uint8_t over_white(std::uint8_t colour, std::uint8_t alpha) {
  constexpr std::uint32_t precision = 7;
  const std::uint32_t blend = (std::uint32_t(colour) * alpha + 255u * (255u - alpha)) << precision;
  const std::uint32_t half = blend + (0x80u << precision);
  return static_cast<std::uint8_t>((((half >> 8) + half) >> 8) >> precision);
}

Size size_of(const Image& image) { return {image.height, image.width}; }

Size resized_size(Size image, const Preprocess& options) {
  const int edge = options.resize_shortest_edge;
  if (edge <= 0) return is_set(options.resize) ? options.resize : image;
  if (image.width <= image.height) return {long_side(edge, image.height, image.width), edge};
  return {edge, long_side(edge, image.width, image.height)};
}

bool is_white(const Image& image, const Preprocess& options) {
  return options.transparent == Transparent::white && !image.alpha.empty();
}

void prepare_in_floats(const Image& image, const Preprocess& options, std::span<float> out) {
  const Size size = resized_size(size_of(image), options), crop = is_set(options.crop) ? options.crop : size;
  if (out.size() != std::size_t(crop.height) * std::size_t(crop.width) * 3) fail_length("prepare");
  const Overlap rows = overlap_in_floats(size.height, crop.height, options.crop_rounding),
                columns = overlap_in_floats(size.width, crop.width, options.crop_rounding);
  const FloatImage part =
      resize_in_floats(image, size, options.filter, {columns.from, rows.from, columns.count, rows.count});
  for (std::size_t channel = 0; channel < 3; ++channel) {
    const auto value = [&](float level) {
      return (level * options.scale - options.mean[channel]) / options.deviation[channel];
    };
    const auto plane = out.subspan(channel * out.size() / 3, out.size() / 3);
    std::ranges::fill(plane, value(0));
    const float* from = part.rgb.data() + channel;
    for (int y = 0; y < part.height; ++y) {
      float* to = plane.data() + std::size_t(rows.to + y) * std::size_t(crop.width) + std::size_t(columns.to);
      for (int x = 0; x < part.width; ++x, from += 3) *to++ = value(*from);
    }
  }
}

constexpr std::array<std::string_view, 2> decode_names{"exact", "fast"};

}  // namespace

std::string_view to_string(Decode decode) { return decode_names.at(std::size_t(decode)); }

std::optional<Decode> find_decode(std::string_view name) {
  const auto* found = std::ranges::find(decode_names, name);
  if (found == decode_names.end()) return std::nullopt;
  return static_cast<Decode>(found - decode_names.begin());
}

Size Preprocess::output() const {
  if (is_set(crop)) return crop;
  return resize_shortest_edge > 0 ? Size{} : resize;
}

int reduction(Size image, const Preprocess& options) {
  const Size resized = resized_size(image, options);
  const int times = std::min(image.height / resized.height, image.width / resized.width) / 2;
  return times >= 8 ? 8 : times >= 4 ? 4 : times >= 2 ? 2 : 1;
}

Image centre_crop(const Image& image, Size crop, CropRounding rounding) {
  return paste(image, overlap(image.height, crop.height, rounding), overlap(image.width, crop.width, rounding), crop);
}

Image compose_on_white(const Image& image) {
  Image composed{image.width, image.height, image.rgb};
  std::uint8_t* colour = composed.rgb.data();
  for (const std::uint8_t alpha : image.alpha)
    for (int channel = 0; channel < 3; ++channel, ++colour) *colour = over_white(*colour, alpha);
  return composed;
}

Image resize_and_crop(const Image& image, const Preprocess& options) {
  if (is_white(image, options)) return resize_and_crop(compose_on_white(image), options);
  check_size(image.width, image.height);
  const Size size = resized_size(size_of(image), options);
  if (!is_set(options.crop)) return resize(image, size, options.filter);
  if (size == size_of(image)) return centre_crop(image, options.crop, options.crop_rounding);
  Overlap rows = overlap(size.height, options.crop.height, options.crop_rounding),
          columns = overlap(size.width, options.crop.width, options.crop_rounding);
  Image part = resize_part(image, size, options.filter, {columns.from, rows.from, columns.count, rows.count});
  if (Size{part.height, part.width} == options.crop) return part;
  rows.from = columns.from = 0;
  return paste(part, rows, columns, options.crop);
}

void to_planar(const Image& image, const Preprocess& options, std::span<float> out) {
  const std::size_t pixels = std::size_t(image.width) * std::size_t(image.height);
  if (out.size() != pixels * 3) fail_length("to_planar");
  for (std::size_t channel = 0; channel < 3; ++channel) {
    std::array<float, 256> value;
    for (std::size_t level = 0; level < value.size(); ++level)
      value[level] = (float(level) * options.scale - options.mean[channel]) / options.deviation[channel];
    const std::uint8_t* from = image.rgb.data() + channel;
    for (float& to : out.subspan(channel * pixels, pixels)) to = value[*from], from += 3;
  }
}

void prepare(const Image& image, const Preprocess& options, std::span<float> out) {
  if (options.round) return to_planar(resize_and_crop(image, options), options, out);
  if (is_white(image, options)) return prepare_in_floats(compose_on_white(image), options, out);
  prepare_in_floats(image, options, out);
}

}  // namespace matcher::image
