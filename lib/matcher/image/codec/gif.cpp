// GIF through the plugin of giflib: the first frame.
#include "matcher/image/codec/codec.hpp"
#include "matcher/image/codec/plugins/load.hpp"
#include "matcher/image/codec/plugins/reader.hpp"

#define MATCHER_TEXT_OF(name) #name
#define MATCHER_NAME(name) MATCHER_TEXT_OF(name)

namespace matcher::image {
namespace {

constexpr PluginName plugin{"giflib", "libmatcher_gif.so", MATCHER_NAME(MATCHER_GIF_PLUGIN)};

bool is_gif(Bytes file) { return ByteReader(file).has(0, "GIF8"); }

Image decode_gif(Bytes file, PixelMemory& memory) {
  return decode_by_plugin(plugin, "GIF", "libgif-dev", file, memory);
}

Metadata no_metadata(Bytes) { return {}; }

}  // namespace

const Codec gif_codec{"GIF", is_gif, decode_gif, no_metadata};

}  // namespace matcher::image
