// WebP through libwebp, as Pillow uses it: the first frame of an animation.
#include <webp/decode.h>
#include <webp/demux.h>

#include <algorithm>
#include <memory>

#include "matcher/image/codec/alpha.hpp"
#include "matcher/image/codec/codec.hpp"

namespace matcher::image {
namespace {

const std::uint8_t* data(Bytes file) { return reinterpret_cast<const std::uint8_t*>(file.data()); }

bool is_webp(Bytes file) {
  const ByteReader reader(file);
  return reader.has(0, "RIFF") && reader.has(8, "WEBP");
}

// The file without what follows the container.
Bytes whole_container(Bytes file) {
  const ByteReader reader(file, false);
  return with_format("WebP", [&] { return reader.part(0, std::size_t(8) + reader.u32(4)); });
}

WebPBitstreamFeatures read_features(Bytes file) {
  WebPBitstreamFeatures features{};
  if (WebPGetFeatures(data(file), file.size(), &features) != VP8_STATUS_OK)
    throw DecodeError("corrupt WebP: unreadable header");
  return features;
}

void copy_colours(const std::uint8_t* rgba, Image& image) {
  for (auto to = image.rgb.begin(); to != image.rgb.end(); to += 3, rgba += 4) std::copy_n(rgba, 3, to);
}

void decode_first_frame(Bytes file, bool has_alpha, Image& image) {
  const WebPData input{data(file), file.size()};
  const std::unique_ptr<WebPAnimDecoder, void (*)(WebPAnimDecoder*)> decoder(WebPAnimDecoderNew(&input, nullptr),
                                                                             WebPAnimDecoderDelete);
  std::uint8_t* canvas = nullptr;
  int time = 0;
  if (!decoder || !WebPAnimDecoderGetNext(decoder.get(), &canvas, &time))
    throw DecodeError("corrupt WebP: the first frame of the animation is damaged");
  has_alpha ? split_rgba(canvas, image) : copy_colours(canvas, image);
}

void decode_still(Bytes file, bool has_alpha, Image& image) {
  const std::size_t pixels = image.rgb.size() / 3;
  std::vector<std::uint8_t> rgba(has_alpha ? pixels * 4 : 0);
  const auto* done =
      has_alpha ? WebPDecodeRGBAInto(data(file), file.size(), rgba.data(), rgba.size(), image.width * 4)
                : WebPDecodeRGBInto(data(file), file.size(), image.rgb.data(), image.rgb.size(), image.width * 3);
  if (done == nullptr) throw DecodeError("corrupt WebP: the pixels are damaged");
  if (has_alpha) split_rgba(rgba.data(), image);
}

Image decode_webp(Bytes bytes, PixelMemory& memory) {
  const Bytes file = whole_container(bytes);
  const auto features = read_features(file);
  Image image = memory.make(features.width, features.height);
  const bool has_alpha = features.has_alpha != 0;
  features.has_animation ? decode_first_frame(file, has_alpha, image) : decode_still(file, has_alpha, image);
  return image;
}

std::optional<std::string> read_chunk(const WebPDemuxer* demuxer, const char* name) {
  WebPChunkIterator chunk{};
  std::optional<std::string> found;
  if (WebPDemuxGetChunk(demuxer, name, 1, &chunk))
    found = to_text({reinterpret_cast<const std::byte*>(chunk.chunk.bytes), chunk.chunk.size});
  WebPDemuxReleaseChunkIterator(&chunk);
  return found;
}

Metadata webp_metadata(Bytes file) {
  const WebPData input{data(file), file.size()};
  const std::unique_ptr<WebPDemuxer, void (*)(WebPDemuxer*)> demuxer(
      checked_for_memory([&] { return WebPDemux(&input); }), WebPDemuxDelete);
  if (!demuxer) return {};
  return {read_chunk(demuxer.get(), "EXIF"), read_chunk(demuxer.get(), "XMP ").value_or("")};
}

}  // namespace

const Codec webp_codec{"WebP", is_webp, decode_webp, webp_metadata};

}  // namespace matcher::image
