#include "matcher/image/codec/orientation.hpp"

#include <algorithm>

#include "matcher/image/codec/exif.hpp"

namespace matcher::image {
namespace {

Bytes without_header(const std::string& exif) {
  constexpr std::string_view header{"Exif\0\0", 6};
  std::string_view rest = exif;
  for (int i = 0; i < 2 && rest.starts_with(header); ++i) rest.remove_prefix(header.size());
  return std::as_bytes(std::span(rest));
}

// The tag may hold a value that is not an orientation: then XMP does not count either.
std::optional<std::int64_t> in_exif(const std::string& exif) {
  constexpr std::uint32_t orientation = 274;
  const Bytes tiff = without_header(exif);
  if (tiff.empty()) return std::nullopt;
  const auto tag = find_exif_tag(tiff, orientation);
  return tag ? tag->whole_number().value_or(1) : std::optional<std::int64_t>();
}

// An attribute, tiff:Orientation="6", or an element, <tiff:Orientation>6.
std::int64_t in_xmp(const std::string& xmp) {
  constexpr std::string_view name = "tiff:Orientation";
  for (auto at = xmp.find(name); at != std::string::npos; at = xmp.find(name, at + 1)) {
    std::string_view rest = std::string_view(xmp).substr(at + name.size());
    if (!rest.starts_with("=\"") && !rest.starts_with(">")) continue;
    rest.remove_prefix(rest.starts_with(">") ? 1 : 2);
    if (!rest.empty() && rest[0] >= '0' && rest[0] <= '9') return rest[0] - '0';
  }
  return 1;
}

// Orientation 5 to 8 exchange rows and columns; then the source may be read from its right or from its bottom.
struct Turn {
  bool exchange, from_right, from_bottom;
};

Turn turn_of(int orientation) {
  const auto is_one_of = [&](auto... values) { return ((orientation == values) || ...); };
  return {orientation >= 5, is_one_of(2, 3, 7, 8), is_one_of(3, 4, 6, 7)};
}

/// Turns samples [height, width, channels] of an image.
template <std::size_t channels>
std::vector<std::uint8_t> turn_samples(const Image& image, const std::vector<std::uint8_t>& samples, Turn turn) {
  const int width = turn.exchange ? image.height : image.width, height = turn.exchange ? image.width : image.height;
  std::vector<std::uint8_t> turned(samples.size());
  auto to = turned.begin();
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x, to += channels) {
      const int u = turn.exchange ? y : x, v = turn.exchange ? x : y;
      const auto column = std::size_t(turn.from_right ? image.width - 1 - u : u);
      const auto row = std::size_t(turn.from_bottom ? image.height - 1 - v : v);
      std::copy_n(samples.data() + (row * std::size_t(image.width) + column) * channels, channels, to);
    }
  return turned;
}

}  // namespace

int read_orientation(const Codec& codec, Bytes file) {
  try {
    const auto [exif, xmp] = codec.metadata(file);
    const auto found = exif ? in_exif(*exif) : std::nullopt;
    const auto value = found ? *found : in_xmp(xmp);
    return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
  } catch (const DecodeError&) {
    return 1;
  }
}

Size turned(Size stored, int orientation) {
  return turn_of(orientation).exchange ? Size{stored.width, stored.height} : stored;
}

Image upright(Image image, int orientation) {
  if (orientation <= 1 || orientation > 8) return image;
  const Turn turn = turn_of(orientation);
  Image turned{image.width, image.height, turn_samples<3>(image, image.rgb, turn)};
  if (!image.alpha.empty()) turned.alpha = turn_samples<1>(image, image.alpha, turn);
  if (turn.exchange) std::swap(turned.width, turned.height);
  return turned;
}

}  // namespace matcher::image
