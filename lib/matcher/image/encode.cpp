#include <fmt/format.h>

#include <cstdlib>

#include "matcher/core/error.hpp"
#include "matcher/image/codec/jpeg_guard.hpp"
#include "matcher/image/codec/opencv.hpp"
#include "matcher/image/image.hpp"

namespace matcher::image {
namespace {

class Compressor {
 public:
  Compressor() { info_.err = silent_manager(failure_); }
  ~Compressor() {
    jpeg_destroy_compress(&info_);
    std::free(data_);
  }
  Compressor(const Compressor&) = delete;
  Compressor& operator=(const Compressor&) = delete;

  std::vector<std::byte> write(const Image& image, int quality) {
    if (!succeeds(failure_, [&] { compress(image, quality); }))
      throw Error(ErrorCode::resource, fmt::format("cannot encode a JPEG of {} x {} pixels: {}", image.width,
                                                   image.height, failure_.message));
    const auto* begin = reinterpret_cast<const std::byte*>(data_);
    return {begin, begin + size_};
  }

 private:
  void compress(const Image& image, int quality) {
    jpeg_create_compress(&info_);
    jpeg_mem_dest(&info_, &data_, &size_);
    info_.image_width = static_cast<JDIMENSION>(image.width);
    info_.image_height = static_cast<JDIMENSION>(image.height);
    info_.input_components = 3;
    info_.in_color_space = JCS_RGB;
    jpeg_set_defaults(&info_);
    jpeg_set_quality(&info_, quality, TRUE);
    info_.dct_method = JDCT_ISLOW;
    jpeg_start_compress(&info_, TRUE);
    while (info_.next_scanline < info_.image_height) {
      JSAMPROW line = const_cast<JSAMPROW>(image.row(static_cast<int>(info_.next_scanline)));
      jpeg_write_scanlines(&info_, &line, 1);
    }
    jpeg_finish_compress(&info_);
  }

  JpegFailure failure_;
  jpeg_compress_struct info_{};
  unsigned char* data_ = nullptr;
  unsigned long size_ = 0;
};

}  // namespace

std::vector<std::byte> encode_jpeg(const Image& image, int quality) { return Compressor().write(image, quality); }

std::vector<std::byte> encode_png(const Image& image) {
  const auto& png = opencv();
  try {
    return png.write_png(image);
  } catch (const std::exception& error) {
    throw Error(ErrorCode::resource,
                fmt::format("cannot encode a PNG of {} x {} pixels: {}", image.width, image.height, error.what()));
  }
}

}  // namespace matcher::image
