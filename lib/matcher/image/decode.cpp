#include <fmt/format.h>

#include <limits>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/imgcodecs.hpp>

#include "matcher/image/containers.hpp"
#include "matcher/image/decode_jpeg.hpp"
#include "matcher/image/ink.hpp"
#include "matcher/image/orientation.hpp"

namespace matcher::image {
namespace {

constexpr int kEightBits = cv::IMREAD_COLOR | cv::IMREAD_IGNORE_ORIENTATION;
constexpr int kAnyDepth = kEightBits | cv::IMREAD_ANYDEPTH;

void silence_opencv() {
  static const auto before = cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
  static_cast<void>(before);
}

std::uint8_t same(std::uint8_t sample) { return sample; }
std::uint8_t high_byte(std::uint16_t sample) { return std::uint8_t(sample >> 8); }
// What Pillow's convert("RGB") makes of grey in 16 bits.
std::uint8_t saturated(std::uint16_t sample) { return std::uint8_t(std::min<std::uint16_t>(sample, 255)); }

// Blue, green, red to red, green, blue.
template <class Sample>
Image to_rgb(const cv::Mat& bgr, std::uint8_t (*narrow)(Sample)) {
  Image image{bgr.cols, bgr.rows, std::vector<std::uint8_t>(bgr.total() * 3)};
  for (int y = 0; y < bgr.rows; ++y) {
    const Sample* from = bgr.ptr<Sample>(y);
    std::uint8_t* to = image.row(y);
    for (int x = 0; x < bgr.cols; ++x, from += 3, to += 3)
      for (int channel = 0; channel < 3; ++channel) to[channel] = narrow(from[2 - channel]);
  }
  return image;
}

// Yellow, magenta, cyan, black, which OpenCV took for blue, green, red, alpha.
Image inks_to_rgb(const cv::Mat& inks) {
  Image image{inks.cols, inks.rows, std::vector<std::uint8_t>(inks.total() * 3)};
  for (int y = 0; y < inks.rows; ++y) {
    const auto* from = inks.ptr<std::uint8_t>(y);
    std::uint8_t* to = image.row(y);
    for (int x = 0; x < inks.cols; ++x, from += 4, to += 3)
      for (int channel = 0; channel < 3; ++channel) to[channel] = light_under_ink(from[2 - channel], 255 - from[3]);
  }
  return image;
}

cv::Mat read_with_opencv(const std::vector<std::byte>& file, int flags) {
  silence_opencv();
  if (file.size() > std::numeric_limits<int>::max()) throw DecodeError("the file is larger than 2 GiB");
  const cv::Mat input(1, static_cast<int>(file.size()), CV_8U, const_cast<std::byte*>(file.data()));
  try {
    return cv::imdecode(input, flags);
  } catch (const cv::Exception&) {
    return {};
  }
}

Image decode_with_opencv(const char* format, const std::vector<std::byte>& file, int flags, bool is_wide_grey = false) {
  const cv::Mat bgr = read_with_opencv(file, flags);
  if (bgr.empty()) throw DecodeError(fmt::format("corrupt or unsupported {}", format));
  if (bgr.type() == CV_8UC3) return to_rgb(bgr, same);
  if (bgr.type() == CV_16UC3) return to_rgb(bgr, is_wide_grey ? saturated : high_byte);
  throw DecodeError(fmt::format("{} with samples that are not 8 or 16 bits is not supported", format));
}

Image decode_tiff(Bytes bytes) {
  const auto [file, has_inks, is_wide_grey] = checked_tiff(bytes);
  // libtiff would round 16 bits to 8; read whole, they lose their low byte here
  if (!has_inks) return decode_with_opencv("TIFF", file, kAnyDepth, is_wide_grey);
  const cv::Mat inks = read_with_opencv(file, cv::IMREAD_UNCHANGED);
  if (inks.type() != CV_8UC4) throw DecodeError("corrupt or unsupported TIFF of four inks");
  return inks_to_rgb(inks);
}

Image decode_png(Bytes bytes) {
  const auto file = checked_png(bytes);
  constexpr std::size_t depth = 24, colour_type = 25;  // in the first chunk, always the header
  const bool is_wide_grey = file.at(depth) == std::byte{16} && file.at(colour_type) == std::byte{0};
  return decode_with_opencv("PNG", file, is_wide_grey ? kAnyDepth : kEightBits, is_wide_grey);
}

Image decode_pixels(Bytes bytes) {
  switch (format_of(bytes)) {
    case Format::jpeg:
      return decode_jpeg(bytes);
    case Format::png:
      return decode_png(bytes);
    case Format::webp:
      return decode_with_opencv("WebP", checked_webp(bytes), kEightBits);
    case Format::bmp:
      return decode_with_opencv("BMP", checked_bmp(bytes), kEightBits);
    case Format::tiff:
      return decode_tiff(bytes);
  }
  throw DecodeError("unknown format");
}

}  // namespace

Image decode(std::span<const std::byte> bytes, bool apply_orientation) {
  Image image = decode_pixels(bytes);
  return apply_orientation ? upright(std::move(image), exif_orientation(bytes)) : image;
}

}  // namespace matcher::image
