// What the OpenCV plugin offers to this layer: formats other than JPEG. Plain data and the standard library only,
// because these types are the whole of what crosses the border to a shared object that is loaded at run time. OpenCV's
// own libraries (GDAL among them) take a tenth of a second to load. Private to this layer.
#pragma once

#include <cstddef>
#include <vector>

#include "matcher/image/image.hpp"

namespace matcher::image {

enum class Samples { eight_bits, any_depth, as_stored };

/// Blue, green, red and, of `as_stored`, a fourth: [height, width, channels], of `bits` each. Empty: it was refused.
struct Pixels {
  int width = 0;
  int height = 0;
  int channels = 0;
  int bits = 0;  ///< 8 or 16; 0 for samples of any other kind
  std::vector<std::byte> samples;
};

class Codecs {
 public:
  virtual ~Codecs() = default;
  /// PNG, WebP, BMP or TIFF, not turned. Never throws for what the file holds.
  virtual Pixels read(const std::vector<std::byte>& file, Samples samples) const = 0;
  /// Throws std::exception when the encoder fails.
  virtual std::vector<std::byte> write_png(const Image& image) const = 0;
};

/// The one exported function, `const Codecs* ()`; its number changes with this header.
inline constexpr const char* codecs_symbol = "matcher_opencv_plugin_1";
using CodecsFactory = const Codecs* (*)();

/// Opens the plugin on the first call. Throws Error(resource) naming the places looked at.
const Codecs& codecs();

}  // namespace matcher::image
