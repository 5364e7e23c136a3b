// Decodes images through the plugin of their format.
#pragma once

#include "matcher/image/codec/bytes.hpp"
#include "matcher/image/codec/limits.hpp"
#include "matcher/process/plugin.hpp"

namespace matcher::image {

/// Decodes with the plugin. `format` is for messages: "GIF". `package` brings the library on Debian. Throws DecodeError
/// if the plugin was not built or installed, and for a damaged file.
Image decode_by_plugin(const PluginName& plugin, const char* format, const char* package, Bytes file,
                       PixelMemory& memory);

}  // namespace matcher::image
