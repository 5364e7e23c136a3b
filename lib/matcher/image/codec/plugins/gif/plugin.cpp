// The entry point of the giflib plugin: the first frame of a GIF on its canvas, as Pillow reads it.
#include <gif_lib.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>
#include <stdexcept>
#include <vector>

#include "matcher/image/codec/plugins/reader.hpp"

namespace matcher::image {
namespace {

struct Input {
  std::span<const std::byte> rest;
};

int read_input(GifFileType* gif, GifByteType* into, int count) {
  auto& rest = static_cast<Input*>(gif->UserData)->rest;
  const auto taken = std::min(rest.size(), std::size_t(count));
  std::memcpy(into, rest.data(), taken);
  rest = rest.subspan(taken);
  return int(taken);
}

struct Close {
  void operator()(GifFileType* gif) const { DGifCloseFile(gif, nullptr); }
};

class GifReader : public PluginReader {
 public:
  explicit GifReader(std::span<const std::byte> file) : input_{file} {
    int error = 0;
    gif_.reset(DGifOpen(&input_, read_input, &error));
    if (!gif_) throw std::runtime_error(reason(error));
    find_frame();
  }

  /// A frame that reaches beyond the canvas makes it larger.
  Size size() const override {
    const auto& frame = gif_->Image;
    return {std::max(gif_->SHeight, frame.Top + frame.Height), std::max(gif_->SWidth, frame.Left + frame.Width)};
  }
  bool has_alpha() const override { return transparent_.has_value(); }

  void read(std::uint8_t* rgb, std::uint8_t* alpha) override {
    const auto canvas = size();
    std::vector<std::uint8_t> indices(std::size_t(canvas.width) * std::size_t(canvas.height), transparent_.value_or(0));
    read_frame(indices, canvas.width);
    for (std::size_t i = 0; i < indices.size(); ++i) {
      set_colour(indices[i], rgb + 3 * i);
      if (alpha != nullptr) alpha[i] = transparent_ == indices[i] ? 0 : 255;
    }
  }

 private:
  static std::string reason(int error) {
    const char* text = GifErrorString(error);
    return text == nullptr ? "damaged" : text;
  }

  void check(int result) const {
    if (result != GIF_OK) throw std::runtime_error(reason(gif_->Error));
  }

  /// Reads up to the description of the first frame.
  void find_frame() {
    for (GifRecordType type = UNDEFINED_RECORD_TYPE;;) {
      check(DGifGetRecordType(gif_.get(), &type));
      if (type == TERMINATE_RECORD_TYPE) throw std::runtime_error("no frame");
      if (type == EXTENSION_RECORD_TYPE) read_extension();
      if (type != IMAGE_DESC_RECORD_TYPE) continue;
      check(DGifGetImageDesc(gif_.get()));
      if (gif_->Image.Width <= 0 || gif_->Image.Height <= 0) throw std::runtime_error("an empty frame");
      return;
    }
  }

  void read_extension() {
    int code = 0;
    GifByteType* block = nullptr;
    check(DGifGetExtension(gif_.get(), &code, &block));
    while (block != nullptr) {
      GraphicsControlBlock control{};
      if (code == GRAPHICS_EXT_FUNC_CODE && block[0] == 4 &&
          DGifExtensionToGCB(block[0], block + 1, &control) == GIF_OK &&
          control.TransparentColor != NO_TRANSPARENT_COLOR)
        transparent_ = std::uint8_t(control.TransparentColor);
      check(DGifGetExtensionNext(gif_.get(), &block));
    }
  }

  void read_frame(std::vector<std::uint8_t>& indices, int width) {
    const auto& frame = gif_->Image;
    constexpr int starts[] = {0, 4, 2, 1}, steps[] = {8, 8, 4, 2};
    for (int pass = 0; pass < (frame.Interlace ? 4 : 1); ++pass) {
      const int step = frame.Interlace ? steps[pass] : 1;
      for (int y = frame.Interlace ? starts[pass] : 0; y < frame.Height; y += step) {
        const auto at = std::size_t(frame.Top + y) * std::size_t(width) + std::size_t(frame.Left);
        check(DGifGetLine(gif_.get(), indices.data() + at, frame.Width));
      }
    }
  }

  /// Beyond the palette, and without one, an index is a grey.
  void set_colour(std::uint8_t index, std::uint8_t* rgb) const {
    const auto* map = gif_->Image.ColorMap != nullptr ? gif_->Image.ColorMap : gif_->SColorMap;
    if (map == nullptr || index >= map->ColorCount) {
      std::fill_n(rgb, 3, index);
      return;
    }
    const auto& colour = map->Colors[index];
    rgb[0] = colour.Red;
    rgb[1] = colour.Green;
    rgb[2] = colour.Blue;
  }

  Input input_;
  std::unique_ptr<GifFileType, Close> gif_;
  std::optional<std::uint8_t> transparent_;
};

}  // namespace
}  // namespace matcher::image

extern "C" __attribute__((visibility("default"))) matcher::image::PluginReader* MATCHER_GIF_PLUGIN(
    std::span<const std::byte> file) {
  return new matcher::image::GifReader(file);
}
