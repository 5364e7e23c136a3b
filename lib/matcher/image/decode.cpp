#include "matcher/image/codec/alpha.hpp"
#include "matcher/image/codec/codec.hpp"
#include "matcher/image/codec/orientation.hpp"

namespace matcher::image {
namespace {

Image decode_within(std::span<const std::byte> bytes, bool apply_orientation, PixelMemory& memory) {
  const Codec& codec = find_codec(bytes);
  Image image = codec.decode(bytes, memory);
  remove_opaque_alpha(image);
  return apply_orientation ? upright(std::move(image), read_orientation(codec, bytes)) : image;
}

}  // namespace

Image decode(std::span<const std::byte> bytes, bool apply_orientation) {
  PixelMemory memory;
  return with_memory_errors([&] { return decode_within(bytes, apply_orientation, memory); });
}

void decode_and_use(std::span<const std::byte> bytes, bool apply_orientation,
                    const std::function<void(const Image&)>& use) {
  PixelMemory memory;
  with_memory_errors([&] { use(decode_within(bytes, apply_orientation, memory)); });
}

}  // namespace matcher::image
