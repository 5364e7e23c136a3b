// The entry point of the libheif plugin: HEIC and AVIF, the primary image, as Pillow reads it.
#include <libheif/heif.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

#include "matcher/image/codec/plugins/reader.hpp"

namespace matcher::image {
namespace {

void check(const heif_error& error) {
  if (error.code != heif_error_Ok) throw std::runtime_error(error.message);
}

class HeifReader : public PluginReader {
 public:
  explicit HeifReader(std::span<const std::byte> file) : context_(heif_context_alloc(), heif_context_free) {
    check(heif_context_read_from_memory_without_copy(context_.get(), file.data(), file.size(), nullptr));
    heif_image_handle* handle = nullptr;
    check(heif_context_get_primary_image_handle(context_.get(), &handle));
    handle_.reset(handle);
  }

  Size size() const override {
    return {heif_image_handle_get_height(handle_.get()), heif_image_handle_get_width(handle_.get())};
  }
  bool has_alpha() const override { return heif_image_handle_has_alpha_channel(handle_.get()) != 0; }

  void read(std::uint8_t* rgb, std::uint8_t* alpha) override {
    const std::unique_ptr<heif_decoding_options, void (*)(heif_decoding_options*)> options(
        heif_decoding_options_alloc(), heif_decoding_options_free);
    options->convert_hdr_to_8bit = 1;
    heif_image* decoded = nullptr;
    check(heif_decode_image(handle_.get(), &decoded, heif_colorspace_RGB,
                            alpha ? heif_chroma_interleaved_RGBA : heif_chroma_interleaved_RGB, options.get()));
    const std::unique_ptr<const heif_image, void (*)(const heif_image*)> image(decoded, heif_image_release);
    const auto expected = size();
    if (heif_image_get_width(decoded, heif_channel_interleaved) != expected.width ||
        heif_image_get_height(decoded, heif_channel_interleaved) != expected.height)
      throw std::runtime_error("the pixels have another size than the header");
    int stride = 0;
    const auto* rows = heif_image_get_plane_readonly(decoded, heif_channel_interleaved, &stride);
    if (rows == nullptr) throw std::runtime_error("no pixels");
    for (int y = 0; y < expected.height; ++y, rows += stride) copy_row(rows, expected.width, y, rgb, alpha);
  }

 private:
  static void copy_row(const std::uint8_t* from, int width, int y, std::uint8_t* rgb, std::uint8_t* alpha) {
    const auto first = std::size_t(y) * std::size_t(width);
    if (alpha == nullptr) {
      std::copy_n(from, std::size_t(width) * 3, rgb + first * 3);
      return;
    }
    for (int x = 0; x < width; ++x, from += 4) {
      std::copy_n(from, 3, rgb + (first + std::size_t(x)) * 3);
      alpha[first + std::size_t(x)] = from[3];
    }
  }

  struct Release {
    void operator()(const heif_image_handle* handle) const { heif_image_handle_release(handle); }
  };
  std::unique_ptr<heif_context, void (*)(heif_context*)> context_;
  std::unique_ptr<heif_image_handle, Release> handle_;
};

}  // namespace
}  // namespace matcher::image

extern "C" __attribute__((visibility("default"))) matcher::image::PluginReader* MATCHER_HEIF_PLUGIN(
    std::span<const std::byte> file) {
  return new matcher::image::HeifReader(file);
}
