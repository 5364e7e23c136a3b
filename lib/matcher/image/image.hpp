// Decodes images from bytes to RGB pixels, and encodes them for the companion programs that draw.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <vector>

namespace matcher::image {

/// An RGB image of 8 bits per channel, interleaved: `rgb` is [height, width, 3]. Colours are not multiplied by alpha.
struct Image {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> rgb;
  std::vector<std::uint8_t> alpha{};  ///< [height, width]; empty: opaque

  std::uint8_t* row(int y) { return rgb.data() + std::size_t(y) * std::size_t(width) * 3; }
  const std::uint8_t* row(int y) const { return rgb.data() + std::size_t(y) * std::size_t(width) * 3; }
};

/// A height and a width in pixels.
struct Size {
  int height = 0;
  int width = 0;
  bool operator==(const Size&) const = default;
};

/// Reports an image that is not decodable, which is a fact about the data, not a failure of the program. `what()` is
/// the reason, without the path.
struct DecodeError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Decodes JPEG, PNG, WebP, BMP or TIFF (by content, never by name) to RGB, as Pillow's
/// `Image.open(..).convert("RGB")`: grey is repeated, a palette is looked up, CMYK is converted. 16 bits keep their
/// high byte, but grey without alpha is cut off at 255. `alpha` is that of Pillow's `convert("RGBA")`.
/// `apply_orientation` turns the image as Pillow's `ImageOps.exif_transpose`. Throws DecodeError for bytes that are
/// empty, truncated, damaged, not an image, or of an unsupported kind.
Image decode(std::span<const std::byte> bytes, bool apply_orientation);

/// Encodes with a quality of 1 to 100. Throws Error(resource) if the encoder fails.
std::vector<std::byte> encode_jpeg(const Image& image, int quality);
/// Encodes without loss. Throws Error(resource) if the encoder fails.
std::vector<std::byte> encode_png(const Image& image);

}  // namespace matcher::image
