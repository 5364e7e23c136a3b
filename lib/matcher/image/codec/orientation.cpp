#include "matcher/image/codec/orientation.hpp"

#include <algorithm>
#include <optional>

#include "matcher/image/codec/containers.hpp"
#include "matcher/image/codec/tiff_directory.hpp"

namespace matcher::image {
namespace {

constexpr std::string_view kExifHeader{"Exif\0\0", 6};

Bytes without_exif_header(Bytes exif) {
  return ByteReader(exif).has(0, kExifHeader) ? exif.subspan(kExifHeader.size()) : exif;
}

bool has_no_length(std::uint32_t marker) { return marker == 0x01 || (marker >= 0xd0 && marker <= 0xd8); }

// Segments up to the start of scan or the end of the picture; more 0xff bytes than one may precede a marker.
std::optional<Bytes> jpeg_exif(const ByteReader& reader) {
  for (std::size_t at = 2; reader.u8(at) == 0xff;) {
    const std::uint32_t marker = reader.u8(at + 1);
    if (marker == 0xda || marker == 0xd9) break;
    if (marker == 0xff) {
      at += 1;
    } else if (has_no_length(marker)) {
      at += 2;
    } else {
      const std::size_t length = reader.u16(at + 2);
      if (marker == 0xe1 && length >= 8 && reader.has(at + 4, kExifHeader)) return reader.part(at + 4, length - 2);
      at += 2 + length;
    }
  }
  return std::nullopt;
}

std::optional<Bytes> png_exif(const ByteReader& reader) {
  for (std::size_t at = 8; at < reader.size();) {
    const std::size_t length = reader.u32(at);
    if (reader.has(at + 4, "eXIf")) return reader.part(at + 8, length);
    at += 12 + length;
  }
  return std::nullopt;
}

std::optional<Bytes> webp_exif(const ByteReader& reader) {
  for (std::size_t at = 12; at < reader.size();) {
    const std::size_t length = reader.u32(at + 4);
    if (reader.has(at, "EXIF")) return reader.part(at + 8, length);
    at += 8 + length + length % 2;
  }
  return std::nullopt;
}

std::optional<Bytes> find_exif(Bytes bytes) {
  switch (format_of(bytes)) {
    case Format::jpeg:
      return jpeg_exif(ByteReader(bytes));
    case Format::png:
      return png_exif(ByteReader(bytes));
    case Format::webp:
      return webp_exif(ByteReader(bytes, false));
    case Format::tiff:
      return bytes;
    default:
      return std::nullopt;
  }
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

int exif_orientation(Bytes bytes) {
  try {
    const auto exif = find_exif(bytes);
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
