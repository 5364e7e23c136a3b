#include "matcher/image/codec/opencv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "matcher/core/plugin.hpp"
#include "matcher/image/codec/ink.hpp"

namespace matcher::image {
namespace {

std::uint8_t same(std::uint8_t sample) { return sample; }
std::uint8_t high_byte(std::uint16_t sample) { return std::uint8_t(sample >> 8); }
// Pillow's convert("RGB") of grey in 16 bits.
std::uint8_t saturated(std::uint16_t sample) { return std::uint8_t(std::min<std::uint16_t>(sample, 255)); }

// Blue, green, red to red, green, blue.
template <class Sample>
Image to_rgb(const Pixels& bgr, std::uint8_t (*narrow)(Sample)) {
  Image image{bgr.width, bgr.height, std::vector<std::uint8_t>(bgr.samples.size() / sizeof(Sample))};
  const auto* from = reinterpret_cast<const Sample*>(bgr.samples.data());
  for (auto to = image.rgb.begin(); to != image.rgb.end(); from += 3, to += 3)
    for (int channel = 0; channel < 3; ++channel) to[channel] = narrow(from[2 - channel]);
  return image;
}

// Yellow, magenta, cyan, black, which OpenCV took for blue, green, red, alpha.
Image inks_to_rgb(const Pixels& inks) {
  Image image{inks.width, inks.height, std::vector<std::uint8_t>(inks.samples.size() / 4 * 3)};
  const auto* from = reinterpret_cast<const std::uint8_t*>(inks.samples.data());
  for (auto to = image.rgb.begin(); to != image.rgb.end(); from += 4, to += 3)
    for (int channel = 0; channel < 3; ++channel) to[channel] = light_under_ink(from[2 - channel], 255 - from[3]);
  return image;
}

Pixels read(const std::vector<std::byte>& file, Samples samples) {
  if (file.size() > std::numeric_limits<int>::max()) throw DecodeError("the file is larger than 2 GiB");
  return opencv().read(file, samples);
}

}  // namespace

const OpenCvCodecs& opencv() {
  static const OpenCvCodecs& plugin =
      *reinterpret_cast<OpenCvFactory>(open_plugin({"OpenCV", "libmatcher_opencv.so", opencv_symbol}))();
  return plugin;
}

Image decode_with_opencv(const char* name, const std::vector<std::byte>& file, Samples samples, bool wide_grey) {
  const auto bgr = read(file, samples);
  if (bgr.samples.empty()) throw DecodeError(fmt::format("corrupt or unsupported {}", name));
  if (bgr.channels == 3 && bgr.bits == 8) return to_rgb(bgr, same);
  if (bgr.channels == 3 && bgr.bits == 16) return to_rgb(bgr, wide_grey ? saturated : high_byte);
  throw DecodeError(fmt::format("{} with samples that are not 8 or 16 bits is not supported", name));
}

Image decode_inks_with_opencv(const char* name, const std::vector<std::byte>& file) {
  const auto inks = read(file, Samples::as_stored);
  if (inks.channels != 4 || inks.bits != 8)
    throw DecodeError(fmt::format("corrupt or unsupported {} of four inks", name));
  return inks_to_rgb(inks);
}

}  // namespace matcher::image
