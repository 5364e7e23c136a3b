#include "matcher/model/checkpoint/timm_processor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "matcher/model/checkpoint/safetensors.hpp"

namespace matcher::model {
namespace {

using Channels = std::array<float, 3>;

constexpr Channels imagenet_mean{0.485f, 0.456f, 0.406f}, imagenet_deviation{0.229f, 0.224f, 0.225f};
constexpr Channels clip_mean{0.48145466f, 0.4578275f, 0.40821073f},
    clip_deviation{0.26862954f, 0.26130258f, 0.27577711f};
constexpr const char* next = "make TorchScript of it in Python, or edit the file if you know that another value fits";

Channels read_channels(const Settings& settings, const char* key, const Channels& fallback, double low) {
  if (!settings.has(key)) return fallback;
  const auto& list = settings.at(key);
  const auto is_number = [&](const auto& value) {
    return value.is_number() && std::abs(value.template get<double>()) <= 1e6 && value.template get<double>() > low;
  };
  const bool three = list.is_array() && list.size() == 3 && std::ranges::all_of(list, is_number);
  if (!three) settings.fail(key, fmt::format("must be three numbers above {}", low));
  return {list[0].template get<float>(), list[1].template get<float>(), list[2].template get<float>()};
}

void read_normalisation(const Settings& settings, const Channels& mean, const Channels& deviation,
                        image::Preprocess& preprocess) {
  preprocess.mean = read_channels(settings, "mean", mean, -1e6);
  preprocess.deviation = read_channels(settings, "std", deviation, 0);
}

image::Filter read_filter(const Settings& settings) {
  const auto name = settings.text("interpolation", "bicubic");
  if (name == "bicubic" || name == "random") return image::Filter::bicubic;
  if (name == "bilinear") return image::Filter::bilinear;
  settings.refuse("interpolation", fmt::format("is \"{}\", but matcher has bicubic and bilinear", printable(name)),
                  next);
}

/// The short side to `edge`, then the centre.
void crop_centre(int edge, image::Size size, image::Preprocess& preprocess) {
  preprocess.resize_shortest_edge = edge;
  preprocess.crop = size;
  preprocess.crop_rounding = image::CropRounding::half_to_even;
}

}  // namespace

Settings timm_settings(const Settings& config) {
  return config.has("pretrained_cfg") ? config.child("pretrained_cfg") : config;
}

image::Size read_timm_size(const Settings& settings) {
  if (!settings.has("input_size")) return {224, 224};
  const auto& list = settings.at("input_size");
  if (!list.is_array() || list.size() != 3 || list[0] != 3) settings.fail("input_size", "must be [3, height, width]");
  const Settings size({{"input_size, height", list[1]}, {"input_size, width", list[2]}}, settings.origin());
  return {int(size.whole("input_size, height", 0, 1, 1 << 14)), int(size.whole("input_size, width", 0, 1, 1 << 14))};
}

image::Preprocess read_timm_processor(const Settings& settings) {
  image::Preprocess preprocess;
  preprocess.transparent = image::Transparent::drop;
  const auto size = read_timm_size(settings);
  const auto part = settings.number("crop_pct", 0.875, 1e-3, 10);
  const auto mode = settings.text("crop_mode", "center");
  const image::Size larger{int(double(size.height) / part), int(double(size.width) / part)};
  preprocess.filter = read_filter(settings);
  read_normalisation(settings, imagenet_mean, imagenet_deviation, preprocess);
  if (mode == "center" && size.height == size.width) {
    crop_centre(larger.height, size, preprocess);
  } else if (mode == "squash") {
    preprocess.resize = larger;
    if (larger != size) {
      preprocess.crop = size;
      preprocess.crop_rounding = image::CropRounding::half_to_even;
    }
  } else {
    settings.refuse("crop_mode",
                    fmt::format("is \"{}\", but matcher has squash, and center for squares", printable(mode)), next);
  }
  return preprocess;
}

image::Preprocess read_open_clip_processor(const Settings& settings, image::Size size) {
  for (const auto& [key, value] : settings.items()) {
    constexpr std::array known{"size", "mode", "mean", "std", "interpolation", "resize_mode", "fill_color"};
    if (std::ranges::find(known, key) == known.end())
      settings.refuse(printable(key), "is a key of \"preprocess_cfg\" that matcher does not know", next);
  }
  if (settings.text("mode", "RGB") != "RGB") settings.refuse("mode", "is not \"RGB\"", next);
  image::Preprocess preprocess;
  preprocess.transparent = image::Transparent::drop;
  preprocess.filter = read_filter(settings);
  read_normalisation(settings, clip_mean, clip_deviation, preprocess);
  const auto mode = settings.text("resize_mode", "shortest");
  if (mode == "squash") {
    preprocess.resize = size;
  } else if (mode == "shortest" && size.height == size.width) {
    crop_centre(size.height, size, preprocess);
  } else {
    settings.refuse("resize_mode",
                    fmt::format("is \"{}\", but matcher has squash, and shortest for squares", printable(mode)), next);
  }
  return preprocess;
}

}  // namespace matcher::model
