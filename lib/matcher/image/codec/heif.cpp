// HEIC and AVIF through the plugin of libheif, which applies the rotation of the container: EXIF does not count.
#include <algorithm>
#include <array>

#include "matcher/image/codec/codec.hpp"
#include "matcher/image/codec/plugins/load.hpp"
#include "matcher/image/codec/plugins/reader.hpp"

#define MATCHER_TEXT_OF(name) #name
#define MATCHER_NAME(name) MATCHER_TEXT_OF(name)

namespace matcher::image {
namespace {

constexpr PluginName plugin{"libheif", "libmatcher_heif.so", MATCHER_NAME(MATCHER_HEIF_PLUGIN)};

/// True if the box "ftyp" has one of the brands.
template <std::size_t count>
bool has_brand(Bytes file, const std::array<const char*, count>& brands) {
  const ByteReader reader(file);
  if (!reader.has(4, "ftyp") || file.size() < 12) return false;
  const std::size_t end = std::min<std::size_t>({reader.u32(0), reader.size(), 256});
  for (std::size_t at = 8; at + 4 <= end; at += at == 8 ? 8 : 4)
    if (std::ranges::find(brands, reader.text(at, 4)) != brands.end()) return true;
  return false;
}

bool is_avif(Bytes file) { return has_brand(file, std::array{"avif", "avis", "avio"}); }

bool is_heif(Bytes file) {
  return is_avif(file) || has_brand(file, std::array{"heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs",
                                                     "mif1", "msf1", "mif2", "miaf"});
}

Image decode_heif(Bytes file, PixelMemory& memory) {
  return decode_by_plugin(plugin, is_avif(file) ? "AVIF" : "HEIC", "libheif-dev", file, memory);
}

Metadata no_metadata(Bytes) { return {}; }

}  // namespace

const Codec heif_codec{"HEIF", is_heif, decode_heif, no_metadata};

}  // namespace matcher::image
