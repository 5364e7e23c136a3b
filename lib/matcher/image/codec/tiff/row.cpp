#include "matcher/image/codec/tiff/row.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "matcher/image/codec/ink.hpp"

namespace matcher::image {
namespace {

template <class Value>
Value load(const std::uint8_t* from, std::size_t index) {
  Value value;
  std::memcpy(&value, from + index * sizeof(Value), sizeof(Value));
  return value;
}

/// Sample `index` of a row whose samples have 1, 2, 4, 8 or 12 bits.
std::uint32_t packed_sample(const std::uint8_t* from, std::size_t index, int bits) {
  if (bits == 8) return from[index];
  const std::size_t first = index * std::size_t(bits);
  if (bits == 12) {
    const std::uint32_t two = std::uint32_t(from[first / 8]) << 8 | from[first / 8 + 1];
    return first % 8 == 0 ? two >> 4 : two & 0xfff;
  }
  return std::uint32_t(from[first / 8]) >> (8 - std::size_t(bits) - first % 8) & ((1u << bits) - 1);
}

std::uint8_t clip(double value) { return static_cast<std::uint8_t>(value > 0 ? std::min(value, 255.0) : 0); }

// Grey of up to 8 bits fills the range; wider grey is cut off at 0 and 255, as Pillow's convert("RGB") does.
std::uint8_t grey_sample(const TiffLayout& layout, const std::uint8_t* from, std::size_t index) {
  if (layout.is_float) return clip(double(load<float>(from, index)));
  if (layout.bits == 32) return clip(double(load<std::int32_t>(from, index)));
  if (layout.bits == 16 && layout.is_signed) return clip(double(load<std::int16_t>(from, index)));
  if (layout.bits == 16) return clip(double(load<std::uint16_t>(from, index)));
  const std::uint32_t sample = packed_sample(from, index, layout.bits);
  if (layout.bits == 12) return clip(sample);
  const auto grey = static_cast<std::uint8_t>(sample * 255 / ((1u << layout.bits) - 1));
  return layout.is_inverted ? static_cast<std::uint8_t>(255 - grey) : grey;
}

/// The high byte of a sample of 8 or 16 bits.
std::uint8_t high_byte(const TiffLayout& layout, const std::uint8_t* from, std::size_t index) {
  return layout.bits == 8 ? from[index] : static_cast<std::uint8_t>(load<std::uint16_t>(from, index) >> 8);
}

/// Undoes a multiplication by alpha. Nothing is known of a pixel without alpha: black.
std::uint8_t divide_by_alpha(std::uint8_t colour, std::uint8_t alpha) {
  if (alpha == 0 || alpha == 255) return alpha == 0 ? 0 : colour;
  return static_cast<std::uint8_t>(std::min(colour * 255 / alpha, 255));
}

void grey_row(const TiffLayout& layout, const std::uint8_t* from, int pixels, std::uint8_t* rgb) {
  const auto step = std::size_t(layout.samples);
  for (std::size_t i = 0; i < std::size_t(pixels) * step; i += step, rgb += 3) {
    std::uint8_t grey = grey_sample(layout, from, i);
    if (layout.is_premultiplied) grey = divide_by_alpha(grey, from[i + 1]);
    std::fill_n(rgb, 3, grey);
  }
}

void palette_row(const TiffLayout& layout, const std::uint8_t* from, int pixels, std::uint8_t* rgb) {
  const auto step = std::size_t(layout.samples);
  for (std::size_t i = 0; i < std::size_t(pixels) * step; i += step, rgb += 3)
    std::copy_n(layout.palette[packed_sample(from, i, layout.bits)].begin(), 3, rgb);
}

void rgb_row(const TiffLayout& layout, const std::uint8_t* from, int pixels, std::uint8_t* rgb) {
  const auto step = std::size_t(layout.samples);
  for (std::size_t i = 0; i < std::size_t(pixels) * step; i += step, rgb += 3) {
    for (std::size_t channel = 0; channel < 3; ++channel) rgb[channel] = high_byte(layout, from, i + channel);
    if (!layout.is_premultiplied) continue;
    const std::uint8_t alpha = high_byte(layout, from, i + 3);
    for (int channel = 0; channel < 3; ++channel) rgb[channel] = divide_by_alpha(rgb[channel], alpha);
  }
}

void ink_row(const TiffLayout& layout, const std::uint8_t* from, int pixels, std::uint8_t* rgb) {
  const auto step = std::size_t(layout.samples);
  for (std::size_t i = 0; i < std::size_t(pixels) * step; i += step, rgb += 3) {
    const int paper = 255 - high_byte(layout, from, i + 3);
    for (std::size_t channel = 0; channel < 3; ++channel)
      rgb[channel] = light_under_ink(high_byte(layout, from, i + channel), paper);
  }
}

/// Pillow's table for one factor of the JFIF formulas, with 6 fractional bits.
std::array<int, 256> chroma_table(double factor) {
  std::array<int, 256> table;
  for (int i = 0; i < 256; ++i) table[std::size_t(i)] = static_cast<int>(factor * 64 * (i - 128) + 0.5);
  return table;
}

void ycbcr_row(const TiffLayout& layout, const std::uint8_t* from, int pixels, std::uint8_t* rgb) {
  static const auto red = chroma_table(1.402), green_of_blue = chroma_table(-0.34414),
                    green_of_red = chroma_table(-0.71414), blue = chroma_table(1.772);
  for (int x = 0; x < pixels; ++x, from += layout.samples, rgb += 3) {
    const int y = from[0];
    rgb[0] = clip(y + (red[from[2]] >> 6));
    rgb[1] = clip(y + ((green_of_blue[from[1]] + green_of_red[from[2]]) >> 6));
    rgb[2] = clip(y + (blue[from[1]] >> 6));
  }
}

}  // namespace

void read_tiff_alpha(const TiffLayout& layout, const std::uint8_t* from, int pixels, std::uint8_t* alpha) {
  const auto step = std::size_t(layout.samples);
  const std::size_t first = layout.kind == TiffLayout::Kind::rgb ? 3 : 1;
  for (std::size_t i = 0; i < std::size_t(pixels); ++i) alpha[i] = high_byte(layout, from, i * step + first);
}

void convert_tiff_row(const TiffLayout& layout, const std::uint8_t* from, int pixels, std::uint8_t* rgb) {
  switch (layout.kind) {
    case TiffLayout::Kind::grey:
      return grey_row(layout, from, pixels, rgb);
    case TiffLayout::Kind::palette:
      return palette_row(layout, from, pixels, rgb);
    case TiffLayout::Kind::rgb:
      return rgb_row(layout, from, pixels, rgb);
    case TiffLayout::Kind::inks:
      return ink_row(layout, from, pixels, rgb);
    case TiffLayout::Kind::ycbcr:
      return ycbcr_row(layout, from, pixels, rgb);
    case TiffLayout::Kind::rgba_of_libtiff:
      for (int x = 0; x < pixels; ++x, from += 4, rgb += 3) std::copy_n(from, 3, rgb);
  }
}

}  // namespace matcher::image
