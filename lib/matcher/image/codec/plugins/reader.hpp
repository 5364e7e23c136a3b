// The border to the plugins of image formats: each brings the library of one or two formats.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "matcher/image/image.hpp"

#define MATCHER_HEIF_PLUGIN matcher_heif_plugin_1
#define MATCHER_GIF_PLUGIN matcher_gif_plugin_1

namespace matcher::image {

/// Decodes one image. Throws std::runtime_error with the reason for a damaged file.
class PluginReader {
 public:
  virtual ~PluginReader() = default;
  virtual Size size() const = 0;  ///< upright, of the whole canvas
  virtual bool has_alpha() const = 0;
  /// Writes pixels [height, width, 3], and alpha [height, width] if the image has one.
  virtual void read(std::uint8_t* rgb, std::uint8_t* alpha) = 0;
};

/// Opens a file; borrows the bytes. The caller owns the reader. Throws as PluginReader.
using OpenReader = PluginReader*(std::span<const std::byte> file);

}  // namespace matcher::image
