#include "matcher/model/checkpoint/image_processor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "matcher/core/file.hpp"

namespace matcher::model {
namespace {

using json = nlohmann::json;

image::Size read_size(const Settings& size) {
  return {int(size.whole("height", 0, 1, 1 << 14)), int(size.whole("width", 0, 1, 1 << 14))};
}

/// "size" is a number (the shortest edge), {shortest_edge} or {height, width}.
void read_resize(const Settings& settings, image::Preprocess& preprocess) {
  if (!settings.has("size")) settings.fail("size", "is missing");
  if (settings.at("size").is_number()) {
    preprocess.resize_shortest_edge = int(settings.whole("size", 0, 1, 1 << 14));
    return;
  }
  const auto size = settings.child("size");
  if (size.has("longest_edge")) settings.fail("size", "with longest_edge is a step that matcher does not know");
  if (size.has("shortest_edge")) {
    preprocess.resize_shortest_edge = int(size.whole("shortest_edge", 0, 1, 1 << 14));
  } else {
    preprocess.resize = read_size(size);
  }
}

void read_crop(const Settings& settings, image::Preprocess& preprocess) {
  if (!settings.has("crop_size")) settings.fail("crop_size", "is missing");
  if (settings.at("crop_size").is_number()) {
    const auto side = int(settings.whole("crop_size", 0, 1, 1 << 14));
    preprocess.crop = {side, side};
  } else {
    preprocess.crop = read_size(settings.child("crop_size"));
  }
}

image::Filter read_filter(const Settings& settings, image::Filter fallback) {
  constexpr std::int64_t bilinear = 2, bicubic = 3;  // Pillow's numbers
  const auto filter = settings.whole("resample", fallback == image::Filter::bilinear ? bilinear : bicubic, 0);
  if (filter == bilinear) return image::Filter::bilinear;
  if (filter == bicubic) return image::Filter::bicubic;
  settings.fail("resample", fmt::format("is {}; matcher has 2 (bilinear) and 3 (bicubic)", filter));
}

void read_channels(const Settings& settings, const std::string& key, std::array<float, 3>& values) {
  if (!settings.has(key)) settings.fail(key, "is missing");
  const auto& list = settings.at(key);
  constexpr double largest = 1e6;
  const auto is_number = [](const json& v) { return v.is_number() && std::abs(v.get<double>()) <= largest; };
  const bool three = list.is_array() && list.size() == 3 && std::ranges::all_of(list, is_number);
  if (!three) settings.fail(key, "must be three numbers");
  for (std::size_t i = 0; i < 3; ++i) values[i] = list[i].get<float>();
}

/// Rejects enabled steps that matcher does not implement. Ignoring one would change vectors silently.
void check_steps(const Settings& settings) {
  constexpr std::array known{"do_resize", "do_center_crop", "do_rescale", "do_normalize", "do_convert_rgb"};
  for (const auto& [key, value] : settings.items()) {
    const bool is_on = key.starts_with("do_") && value.is_boolean() && value.get<bool>();
    if (is_on && std::ranges::find(known, key) == known.end())
      settings.fail(key, "is a step that matcher does not know");
  }
}

void read_normalisation(const Settings& settings, image::Preprocess& preprocess) {
  read_channels(settings, "image_mean", preprocess.mean);
  read_channels(settings, "image_std", preprocess.deviation);
  for (const auto deviation : preprocess.deviation) {
    if (!(deviation > 0)) settings.fail("image_std", "must be above 0");
  }
}

}  // namespace

fs::path find_processor_file(const fs::path& folder) {
  const auto own = folder / "preprocessor_config.json", joint = folder / "processor_config.json";
  return is_present(own) || !is_present(joint) ? own : joint;
}

image::Preprocess read_image_processor(const fs::path& folder, const ProcessorDefaults& defaults) {
  const auto file = find_processor_file(folder);
  const auto settings = read_settings(file);
  if (file.filename() == "preprocessor_config.json") return read_image_processor(settings, defaults);
  if (!settings.has("image_processor")) settings.fail("image_processor", "is missing");
  return read_image_processor(settings.child("image_processor"), defaults);
}

image::Preprocess read_image_processor(const Settings& settings, const ProcessorDefaults& defaults) {
  check_steps(settings);
  image::Preprocess preprocess;
  preprocess.filter = read_filter(settings, defaults.filter);
  if (settings.flag("do_resize", true)) read_resize(settings, preprocess);
  if (settings.flag("do_center_crop", settings.has("crop_size"))) read_crop(settings, preprocess);
  preprocess.scale =
      settings.flag("do_rescale", true) ? float(settings.number("rescale_factor", 1.0 / 255.0, 1e-6, 1e6)) : 1.0f;
  if (settings.flag("do_normalize", true)) read_normalisation(settings, preprocess);
  if (preprocess.output() == image::Size{})
    settings.fail("size", "would leave images of different sizes; matcher needs a crop, or a height and a width");
  return preprocess;
}

}  // namespace matcher::model
