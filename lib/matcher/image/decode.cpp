#include "matcher/image/codec/codec.hpp"
#include "matcher/image/codec/orientation.hpp"

namespace matcher::image {

Image decode(std::span<const std::byte> bytes, bool apply_orientation) {
  const Codec& codec = find_codec(bytes);
  Image image = codec.decode(bytes);
  return apply_orientation ? upright(std::move(image), read_orientation(codec, bytes)) : image;
}

}  // namespace matcher::image
