// BMP, as Pillow reads it. Reference: Microsoft's BITMAPINFOHEADER to BITMAPV5HEADER, and OS/2.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>

#include "matcher/image/codec/bmp_runs.hpp"
#include "matcher/image/codec/codec.hpp"

namespace matcher::image {
namespace {

enum Compression : std::uint32_t { raw = 0, runs_of_bytes = 1, runs_of_halves = 2, bit_fields = 3 };

constexpr std::size_t header_start = 14, masks_start = 54;

using Masks = std::array<std::uint32_t, 3>;  // red, green, blue

struct BmpHeader {
  std::size_t size, pixels;  ///< bytes of the header; offset of the pixels
  std::int64_t width, height;
  bool top_down;
  std::uint32_t bits, compression, coded_bytes, colours;
  std::size_t colour_bytes;  ///< per entry of the palette
  Masks masks;
  std::uint32_t alpha_mask = 0;  ///< 0: opaque

  std::size_t row_bytes() const { return static_cast<std::size_t>((width * bits + 31) / 32 * 4); }
};

Masks usual_masks(std::uint32_t bits) {
  return bits == 16 ? Masks{0x7c00, 0x3e0, 0x1f} : Masks{0xff0000, 0xff00, 0xff};
}

Masks read_masks(const ByteReader& reader, std::uint32_t bits) {
  const Masks masks{reader.u32(masks_start), reader.u32(masks_start + 4), reader.u32(masks_start + 8)};
  return masks == Masks{} ? usual_masks(bits) : masks;
}

/// The bits of alpha; 0: opaque. Without any masks Pillow finds alpha in the fourth byte.
std::uint32_t read_alpha_mask(const ByteReader& reader, std::size_t header_size) {
  const bool has_field = header_size >= 56;
  const std::uint32_t alpha = has_field ? reader.u32(masks_start + 12) : 0;
  const bool has_masks =
      reader.u32(masks_start) != 0 || reader.u32(masks_start + 4) != 0 || reader.u32(masks_start + 8) != 0;
  return has_masks || alpha != 0 ? alpha : 0xff000000;
}

BmpHeader read_core_header(const ByteReader& reader) {
  const std::uint32_t bits = reader.u16(24);
  return {12, reader.u32(10),   reader.u16(18), reader.u16(20), false, bits, raw, 0, 1u << std::min(bits, 8u),
          3,  usual_masks(bits)};
}

// A negative height means that the top row comes first.
BmpHeader read_info_header(const ByteReader& reader, std::size_t size) {
  const auto width = static_cast<std::int32_t>(reader.u32(18)), height = static_cast<std::int32_t>(reader.u32(22));
  const std::uint32_t bits = reader.u16(28), compression = reader.u32(30), colours = reader.u32(46);
  return {size,
          reader.u32(10),
          width,
          std::abs(std::int64_t(height)),
          height < 0,
          bits,
          compression,
          reader.u32(34),
          colours == 0 ? 1u << std::min(bits, 8u) : colours,
          4,
          compression == bit_fields ? read_masks(reader, bits) : usual_masks(bits),
          compression == bit_fields && bits == 32 ? read_alpha_mask(reader, size) : 0};
}

[[noreturn]] void refuse(const std::string& what) {
  throw DecodeError(fmt::format("BMP {} is not supported. Save it as PNG", what));
}

void check_kind(const BmpHeader& header) {
  const auto has_bits = [&](auto... bits) { return ((header.bits == bits) || ...); };
  constexpr std::array names{"", "", "", "", "of JPEG", "of PNG", "with masks for alpha"};
  const auto compression = header.compression;
  if (compression > bit_fields)
    refuse(compression < names.size() ? names[compression] : fmt::format("of the compression {}", compression));
  if (!has_bits(1u, 4u, 8u, 16u, 24u, 32u)) refuse(fmt::format("of {} bits per pixel", header.bits));
  if (compression == bit_fields && !has_bits(16u, 24u, 32u)) refuse(fmt::format("of {} bits with masks", header.bits));
  if (compression == runs_of_bytes && header.bits != 8) refuse(fmt::format("of runs of {} bits", header.bits));
  if (compression == runs_of_halves && header.bits != 4) refuse(fmt::format("of runs of {} bits", header.bits));
}

BmpHeader read_header(const ByteReader& reader) {
  const std::uint32_t size = reader.u32(header_start);
  if (size == 12) return read_core_header(reader);
  for (const std::uint32_t known : {40u, 52u, 56u, 64u, 108u, 124u})
    if (size == known) return read_info_header(reader, size);
  refuse(fmt::format("with a header of {} bytes", size));
}

using Palette = std::array<std::array<std::uint8_t, 3>, 256>;  // black where the file has no entry

Palette read_palette(const ByteReader& reader, const BmpHeader& header) {
  Palette palette{};
  const std::size_t start = header_start + header.size;
  for (std::size_t i = 0; i < std::min<std::size_t>(header.colours, palette.size()); ++i) {
    const std::size_t at = start + i * header.colour_bytes;
    for (std::size_t channel = 0; channel < 3; ++channel)
      palette[i][channel] = static_cast<std::uint8_t>(reader.u8(at + 2 - channel));
  }
  return palette;
}

// Some writers forget the palette in the offset of the pixels.
std::size_t start_of_pixels(const BmpHeader& header) {
  const std::size_t after_header = header_start + header.size;
  const bool forgets_palette = header.bits <= 8 && header.pixels == after_header;
  return header.pixels + (forgets_palette ? header.colour_bytes * header.colours : 0);
}

/// Reads one colour of a pixel.
class Channel {
 public:
  explicit Channel(std::uint32_t mask) : mask_(mask), shift_(mask == 0 ? 0 : std::countr_zero(mask)) {}
  std::uint8_t read(std::uint32_t pixel) const {
    const std::uint64_t most = mask_ >> shift_;
    return most == 0 ? 0 : static_cast<std::uint8_t>(((pixel & mask_) >> shift_) * std::uint64_t(255) / most);
  }

 private:
  std::uint32_t mask_;
  int shift_;
};

/// `alpha` nullptr: opaque.
void read_masked_row(const std::byte* from, const BmpHeader& header, std::uint8_t* rgb, std::uint8_t* alpha) {
  const Channel red(header.masks[0]), green(header.masks[1]), blue(header.masks[2]), opacity(header.alpha_mask);
  const std::size_t bytes = header.bits / 8;
  for (std::int64_t x = 0; x < header.width; ++x, from += bytes, rgb += 3) {
    std::uint32_t pixel = 0;
    for (std::size_t i = 0; i < bytes; ++i) pixel |= std::to_integer<std::uint32_t>(from[i]) << 8 * i;
    rgb[0] = red.read(pixel), rgb[1] = green.read(pixel), rgb[2] = blue.read(pixel);
    if (alpha != nullptr) *alpha++ = opacity.read(pixel);
  }
}

void read_indexed_row(const std::byte* from, const BmpHeader& header, const Palette& palette, std::uint8_t* rgb) {
  const std::uint32_t bits = header.bits, per_byte = 8 / bits, most = (1u << bits) - 1;
  for (std::uint32_t x = 0; x < header.width; ++x, rgb += 3) {
    const auto packed = std::to_integer<std::uint32_t>(from[x / per_byte]);
    const auto& colour = palette[packed >> (per_byte - 1 - x % per_byte) * bits & most];
    std::copy(colour.begin(), colour.end(), rgb);
  }
}

std::size_t used_row_bytes(const BmpHeader& header) {
  return static_cast<std::size_t>((header.width * header.bits + 7) / 8);
}

bool has_runs(const BmpHeader& header) {
  return header.compression == runs_of_bytes || header.compression == runs_of_halves;
}

// The last row may end without its padding.
void check_length(const ByteReader& reader, const BmpHeader& header) {
  const auto rows = static_cast<std::size_t>(header.height - 1) * header.row_bytes() + used_row_bytes(header);
  reader.part(start_of_pixels(header), has_runs(header) ? header.coded_bytes : rows);
}

int target(const Image& image, const BmpHeader& header, int y) { return header.top_down ? y : image.height - 1 - y; }

void read_runs(const ByteReader& reader, const BmpHeader& header, Image& image) {
  const Palette palette = read_palette(reader, header);
  const std::size_t start = start_of_pixels(header);
  const auto indices = expand_bmp_runs(reader.part(start, reader.size() - start), image.width, image.height,
                                       header.compression == runs_of_halves);
  const std::uint8_t* from = indices.data();
  for (int y = 0; y < image.height; ++y) {
    std::uint8_t* to = image.row(target(image, header, y));
    for (int x = 0; x < image.width; ++x, to += 3) std::copy_n(palette[*from++].begin(), 3, to);
  }
}

void read_rows(const ByteReader& reader, const BmpHeader& header, Image& image) {
  const bool is_indexed = header.bits <= 8;
  const Palette palette = is_indexed ? read_palette(reader, header) : Palette{};
  std::size_t at = start_of_pixels(header);
  for (int y = 0; y < image.height; ++y, at += header.row_bytes()) {
    const Bytes row = reader.part(at, used_row_bytes(header));
    const int line = target(image, header, y);
    std::uint8_t* alpha =
        image.alpha.empty() ? nullptr : image.alpha.data() + std::size_t(line) * std::size_t(image.width);
    is_indexed ? read_indexed_row(row.data(), header, palette, image.row(line))
               : read_masked_row(row.data(), header, image.row(line), alpha);
  }
}

bool is_bmp(Bytes file) { return ByteReader(file).has(0, "BM"); }

Image decode_bmp(Bytes file, PixelMemory& memory) {
  return with_format("BMP", [&] {
    const ByteReader reader(file, false);
    const BmpHeader header = read_header(reader);
    check_size(header.width, header.height);
    check_kind(header);
    check_length(reader, header);
    Image image = memory.make(header.width, header.height);
    if (header.alpha_mask != 0) image.alpha.resize(image.rgb.size() / 3);
    has_runs(header) ? read_runs(reader, header, image) : read_rows(reader, header, image);
    return image;
  });
}

Metadata bmp_metadata(Bytes) { return {}; }

}  // namespace

const Codec bmp_codec{"BMP", is_bmp, decode_bmp, bmp_metadata};

}  // namespace matcher::image
