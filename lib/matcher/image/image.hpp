// Pictures: bytes on disk to RGB pixels, and back for the companions that draw. No OpenCV type leaves this layer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <vector>

namespace matcher::image {

/// An RGB picture of 8 bits a channel, interleaved: `rgb` is [height, width, 3].
struct Image {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> rgb;

  std::uint8_t* row(int y) { return rgb.data() + std::size_t(y) * std::size_t(width) * 3; }
  const std::uint8_t* row(int y) const { return rgb.data() + std::size_t(y) * std::size_t(width) * 3; }
};

/// A picture that cannot be decoded: data, not a failure of the program. `what()` is the reason, without the path.
struct DecodeError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// JPEG, PNG, WebP, BMP or TIFF (told apart by content, never by name) to RGB, as Pillow's
/// `Image.open(..).convert("RGB")`: grey is repeated, a palette is looked up, alpha is dropped, CMYK is converted, 16
/// bits keep their high byte, but grey without alpha is cut off at 255. `apply_orientation` turns the picture as its
/// EXIF orientation says, as Pillow's `ImageOps.exif_transpose`. Throws DecodeError when the bytes are empty,
/// truncated, no picture, or of an unsupported kind.
Image decode(std::span<const std::byte> bytes, bool apply_orientation);

/// Quality is 1 to 100. Throws Error(resource) when the encoder fails.
std::vector<std::byte> encode_jpeg(const Image& image, int quality);
std::vector<std::byte> encode_png(const Image& image);

}  // namespace matcher::image
