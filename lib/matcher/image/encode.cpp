#include <fmt/format.h>

#include <cstdlib>

#include "matcher/core/error.hpp"
#include "matcher/image/codec/jpeg_guard.hpp"
#include "matcher/image/codec/png/guard.hpp"
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

class PngWriter {
 public:
  PngWriter() {
    png_ = png_create_write_struct(PNG_LIBPNG_VER_STRING, &failure_, give_up_png, ignore_png_warning);
    if (png_ != nullptr) info_ = png_create_info_struct(png_);
    if (info_ == nullptr) throw std::bad_alloc();
    png_set_write_fn(png_, &file_, append, nullptr);
  }
  ~PngWriter() { png_destroy_write_struct(&png_, &info_); }
  PngWriter(const PngWriter&) = delete;
  PngWriter& operator=(const PngWriter&) = delete;

  std::vector<std::byte> write(const Image& image) {
    if (png_succeeds(failure_, [&] { compress(image); })) return std::move(file_);
    throw Error(ErrorCode::resource,
                fmt::format("cannot encode a PNG of {} x {} pixels: {}", image.width, image.height, failure_.message));
  }

 private:
  static void append(png_structp png, png_bytep bytes, std::size_t count) {
    auto& file = *static_cast<std::vector<std::byte>*>(png_get_io_ptr(png));
    const auto* begin = reinterpret_cast<const std::byte*>(bytes);
    file.insert(file.end(), begin, begin + count);
  }

  // Fast rather than small: one filter, and runs only.
  void compress(const Image& image) {
    constexpr int best_speed = 1, runs_only = 3;  // Z_BEST_SPEED and Z_RLE of zlib
    png_set_filter(png_, PNG_FILTER_TYPE_BASE, PNG_FILTER_SUB);
    png_set_compression_level(png_, best_speed);
    png_set_compression_strategy(png_, runs_only);
    png_set_IHDR(png_, info_, png_uint_32(image.width), png_uint_32(image.height), 8, PNG_COLOR_TYPE_RGB,
                 PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_write_info(png_, info_);
    for (int y = 0; y < image.height; ++y) png_write_row(png_, image.row(y));
    png_write_end(png_, info_);
  }

  PngFailure failure_;
  std::vector<std::byte> file_;
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
};

}  // namespace

std::vector<std::byte> encode_jpeg(const Image& image, int quality) { return Compressor().write(image, quality); }

std::vector<std::byte> encode_png(const Image& image) { return PngWriter().write(image); }

}  // namespace matcher::image
