#include "matcher/image/codec/orientation.hpp"

#include <algorithm>

#include "matcher/image/codec/tiff_directory.hpp"

namespace matcher::image {
namespace {

Bytes without_exif_header(Bytes exif) {
  constexpr std::string_view exif_header{"Exif\0\0", 6};
  return ByteReader(exif).has(0, exif_header) ? exif.subspan(exif_header.size()) : exif;
}

// Orientation 5 to 8 exchange rows and columns; then the source may be read from its right or from its bottom.
struct Turn {
  bool exchange, from_right, from_bottom;
};

Turn turn_of(int orientation) {
  const auto is_one_of = [&](auto... values) { return ((orientation == values) || ...); };
  return {orientation >= 5, is_one_of(2, 3, 7, 8), is_one_of(3, 4, 6, 7)};
}

}  // namespace

int read_orientation(const Codec& codec, Bytes file) {
  try {
    const auto exif = codec.metadata(file).exif;
    if (!exif) return 1;
    const auto value = TiffDirectory(without_exif_header(*exif)).single(TiffTag::orientation, 1);
    return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
  } catch (const DecodeError&) {
    return 1;
  }
}

Image upright(Image image, int orientation) {
  if (orientation <= 1 || orientation > 8) return image;
  const Turn turn = turn_of(orientation);
  Image turned{image.width, image.height, std::vector<std::uint8_t>(image.rgb.size())};
  if (turn.exchange) std::swap(turned.width, turned.height);
  for (int y = 0; y < turned.height; ++y) {
    std::uint8_t* to = turned.row(y);
    for (int x = 0; x < turned.width; ++x, to += 3) {
      const int u = turn.exchange ? y : x, v = turn.exchange ? x : y;
      const int column = turn.from_right ? image.width - 1 - u : u;
      std::copy_n(image.row(turn.from_bottom ? image.height - 1 - v : v) + column * 3, 3, to);
    }
  }
  return turned;
}

}  // namespace matcher::image
