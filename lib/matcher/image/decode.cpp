#include <fmt/format.h>

#include <limits>

#include "matcher/image/codec/codecs.hpp"
#include "matcher/image/codec/containers.hpp"
#include "matcher/image/codec/ink.hpp"
#include "matcher/image/codec/jpeg.hpp"
#include "matcher/image/codec/orientation.hpp"

namespace matcher::image {
namespace {

std::uint8_t same(std::uint8_t sample) { return sample; }
std::uint8_t high_byte(std::uint16_t sample) { return std::uint8_t(sample >> 8); }
// What Pillow's convert("RGB") makes of grey in 16 bits.
std::uint8_t saturated(std::uint16_t sample) { return std::uint8_t(std::min<std::uint16_t>(sample, 255)); }

// Blue, green, red to red, green, blue.
template <class Sample>
Image to_rgb(const Pixels& bgr, std::uint8_t (*narrow)(Sample)) {
  Image image{bgr.width, bgr.height, std::vector<std::uint8_t>(bgr.samples.size() / sizeof(Sample))};
  const auto* from = reinterpret_cast<const Sample*>(bgr.samples.data());
  for (auto to = image.rgb.begin(); to != image.rgb.end(); from += 3, to += 3)
    for (int channel = 0; channel < 3; ++channel) to[channel] = narrow(from[2 - channel]);
  return image;
}

// Yellow, magenta, cyan, black, which OpenCV took for blue, green, red, alpha.
Image inks_to_rgb(const Pixels& inks) {
  Image image{inks.width, inks.height, std::vector<std::uint8_t>(inks.samples.size() / 4 * 3)};
  const auto* from = reinterpret_cast<const std::uint8_t*>(inks.samples.data());
  for (auto to = image.rgb.begin(); to != image.rgb.end(); from += 4, to += 3)
    for (int channel = 0; channel < 3; ++channel) to[channel] = light_under_ink(from[2 - channel], 255 - from[3]);
  return image;
}

Pixels read(const std::vector<std::byte>& file, Samples samples) {
  if (file.size() > std::numeric_limits<int>::max()) throw DecodeError("the file is larger than 2 GiB");
  return codecs().read(file, samples);
}

Image decode_with_opencv(const char* format, const std::vector<std::byte>& file, Samples samples,
                         bool is_wide_grey = false) {
  const auto bgr = read(file, samples);
  if (bgr.samples.empty()) throw DecodeError(fmt::format("corrupt or unsupported {}", format));
  if (bgr.channels == 3 && bgr.bits == 8) return to_rgb(bgr, same);
  if (bgr.channels == 3 && bgr.bits == 16) return to_rgb(bgr, is_wide_grey ? saturated : high_byte);
  throw DecodeError(fmt::format("{} with samples that are not 8 or 16 bits is not supported", format));
}

Image decode_tiff(Bytes bytes) {
  const auto [file, has_inks, is_wide_grey] = checked_tiff(bytes);
  // libtiff would round 16 bits to 8; read whole, they lose their low byte here
  if (!has_inks) return decode_with_opencv("TIFF", file, Samples::any_depth, is_wide_grey);
  const auto inks = read(file, Samples::as_stored);
  if (inks.channels != 4 || inks.bits != 8) throw DecodeError("corrupt or unsupported TIFF of four inks");
  return inks_to_rgb(inks);
}

Image decode_png(Bytes bytes) {
  const auto file = checked_png(bytes);
  constexpr std::size_t depth = 24, colour_type = 25;  // in the first chunk, always the header
  const bool is_wide_grey = file.at(depth) == std::byte{16} && file.at(colour_type) == std::byte{0};
  return decode_with_opencv("PNG", file, is_wide_grey ? Samples::any_depth : Samples::eight_bits, is_wide_grey);
}

Image decode_pixels(Bytes bytes) {
  switch (format_of(bytes)) {
    case Format::jpeg:
      return decode_jpeg(bytes);
    case Format::png:
      return decode_png(bytes);
    case Format::webp:
      return decode_with_opencv("WebP", checked_webp(bytes), Samples::eight_bits);
    case Format::bmp:
      return decode_with_opencv("BMP", checked_bmp(bytes), Samples::eight_bits);
    case Format::tiff:
      return decode_tiff(bytes);
  }
  throw DecodeError("unknown format");
}

}  // namespace

Image decode(std::span<const std::byte> bytes, bool apply_orientation) {
  Image image = decode_pixels(bytes);
  return apply_orientation ? upright(std::move(image), exif_orientation(bytes)) : image;
}

}  // namespace matcher::image
