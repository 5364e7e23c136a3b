// The OpenCV plugin: the only place that includes and links OpenCV.
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/imgcodecs.hpp>
#include <stdexcept>

#include "matcher/image/codec/opencv.hpp"

namespace matcher::image {
namespace {

int flags_of(Samples samples) {
  constexpr int eight_bits = cv::IMREAD_COLOR | cv::IMREAD_IGNORE_ORIENTATION;
  switch (samples) {
    case Samples::eight_bits:
      return eight_bits;
    case Samples::any_depth:
      return eight_bits | cv::IMREAD_ANYDEPTH;
    case Samples::as_stored:
      break;
  }
  return cv::IMREAD_UNCHANGED;
}

cv::Mat decoded(const std::vector<std::byte>& file, Samples samples) {
  const cv::Mat input(1, static_cast<int>(file.size()), CV_8U, const_cast<std::byte*>(file.data()));
  try {
    return cv::imdecode(input, flags_of(samples));
  } catch (const cv::Exception&) {
    return {};
  }
}

int bits_of(const cv::Mat& pixels) { return pixels.depth() == CV_8U ? 8 : pixels.depth() == CV_16U ? 16 : 0; }

cv::Mat blue_first(const Image& image) {
  cv::Mat bgr(image.height, image.width, CV_8UC3);
  for (int y = 0; y < image.height; ++y) {
    const auto* from = image.row(y);
    auto* to = bgr.ptr<std::uint8_t>(y);
    for (int x = 0; x < image.width; ++x, from += 3, to += 3)
      for (int channel = 0; channel < 3; ++channel) to[channel] = from[2 - channel];
  }
  return bgr;
}

class OpenCv : public OpenCvCodecs {
 public:
  OpenCv() { cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT); }

  Pixels read(const std::vector<std::byte>& file, Samples samples) const override {
    const cv::Mat found = decoded(file, samples);
    if (found.empty()) return {};
    Pixels pixels{found.cols, found.rows, found.channels(), bits_of(found), {}};
    const auto line = std::size_t(found.cols) * found.elemSize();
    pixels.samples.reserve(line * std::size_t(found.rows));
    for (int y = 0; y < found.rows; ++y) {
      const auto* row = reinterpret_cast<const std::byte*>(found.ptr(y));
      pixels.samples.insert(pixels.samples.end(), row, row + line);
    }
    return pixels;
  }

  std::vector<std::byte> write_png(const Image& image) const override {
    std::vector<unsigned char> file;
    if (!cv::imencode(".png", blue_first(image), file)) throw std::runtime_error("OpenCV refused");
    const auto* begin = reinterpret_cast<const std::byte*>(file.data());
    return {begin, begin + file.size()};
  }
};

}  // namespace
}  // namespace matcher::image

extern "C" __attribute__((visibility("default"))) const matcher::image::OpenCvCodecs* matcher_opencv_plugin_1() {
  static const matcher::image::OpenCv plugin;
  return &plugin;
}
