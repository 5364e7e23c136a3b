// The interface of the OpenCV plugin: plain data and the standard library only, because these types cross the border
// to a shared object that is loaded on first use. OpenCV's own libraries take a tenth of a second to load.
#pragma once

#include <cstddef>
#include <vector>

#include "matcher/image/codec/bytes.hpp"

namespace matcher::image {

enum class Samples { eight_bits, any_depth, as_stored };

/// Blue, green, red and, with `as_stored`, a fourth: [height, width, channels]. Empty if OpenCV refused the file.
struct Pixels {
  int width = 0;
  int height = 0;
  int channels = 0;
  int bits = 0;  ///< per sample: 8 or 16; 0: any other kind
  std::vector<std::byte> samples;
};

class OpenCvCodecs {
 public:
  virtual ~OpenCvCodecs() = default;
  /// Decodes PNG, WebP, BMP or TIFF, not turned. Never throws for what the file holds.
  virtual Pixels read(const std::vector<std::byte>& file, Samples samples) const = 0;
  /// Throws std::exception if the encoder fails.
  virtual std::vector<std::byte> write_png(const Image& image) const = 0;
};

/// The one exported function, `const OpenCvCodecs* ()`; its number changes with this header.
inline constexpr const char* opencv_symbol = "matcher_opencv_plugin_1";
using OpenCvFactory = const OpenCvCodecs* (*)();

/// Opens the plugin on the first call. Throws Error(resource) naming the places that were searched.
const OpenCvCodecs& opencv();

/// Decodes `file` of the format `name`. Grey of 16 bits (`wide_grey`) is cut off at 255, other 16 bits keep their high
/// byte. Throws DecodeError.
Image decode_with_opencv(const char* name, const std::vector<std::byte>& file, Samples samples, bool wide_grey = false);

/// Decodes four inks of 8 bits, stored in a file that calls them red, green, blue and alpha. Throws DecodeError.
Image decode_inks_with_opencv(const char* name, const std::vector<std::byte>& file);

}  // namespace matcher::image
