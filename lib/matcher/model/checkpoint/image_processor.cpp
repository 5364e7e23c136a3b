#include "matcher/model/checkpoint/image_processor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "matcher/files/file.hpp"
#include "matcher/files/paths.hpp"
#include "matcher/model/checkpoint/processor_class.hpp"

namespace matcher::model {
namespace {

using json = nlohmann::json;

constexpr const char* other_processor = "use a checkpoint without it";
constexpr std::int64_t largest_side = 1 << 14;

/// Settings with the defaults of their class.
struct Processor {
  Settings settings;
  std::string name;  ///< name of the class

  /// Throws if the key is missing and its default is unknown.
  void require(const std::string& key) const {
    if (settings.has(key) || settings.has_null(key)) return;
    settings.refuse(key, fmt::format("is missing, and matcher does not know the default of \"{}\"", printable(name)),
                    "add the key with the value that transformers uses");
  }

  void require_value(const std::string& key) const {
    require(key);
    if (!settings.has(key)) settings.fail(key, "has no value");
  }

  bool is_on(const std::string& key) const {
    require(key);
    return settings.flag(key, false);
  }
};

/// Reads the sides of a size: a number for a square, [height, width] or {height, width}.
image::Size read_sides(const Settings& settings, const std::string& key) {
  const auto& value = settings.at(key);
  const auto side = [](const Settings& size, const char* name) { return int(size.whole(name, 0, 1, largest_side)); };
  if (value.is_number()) return {side(settings, key.c_str()), side(settings, key.c_str())};
  if (value.is_array() && value.size() == 2) {
    const Settings size({{"height", value[0]}, {"width", value[1]}}, settings.origin());
    return {side(size, "height"), side(size, "width")};
  }
  const auto size = settings.child(key);
  return {side(size, "height"), side(size, "width")};
}

int read_edge(const Settings& settings) {
  if (settings.at("size").is_number()) return int(settings.whole("size", 0, 1, largest_side));
  return int(settings.child("size").whole("shortest_edge", 0, 1, largest_side));
}

/// True if "size" gives the shortest edge, not both sides.
bool keeps_aspect(const Processor& processor) {
  const auto& size = processor.settings.at("size");
  if (size.is_object()) return size.contains("shortest_edge");
  if (!size.is_number()) return false;
  processor.require("default_to_square");
  return !processor.settings.flag("default_to_square", false);
}

void check_size_keys(const Settings& settings) {
  if (!settings.at("size").is_object()) return;
  for (const auto& [key, value] : settings.at("size").items()) {
    const bool known = key == "shortest_edge" || key == "height" || key == "width";
    if (!known && !value.is_null())
      settings.refuse("size", fmt::format("with {} is a step that matcher does not know", printable(key)),
                      other_processor);
  }
}

image::Filter read_filter(const Processor& processor) {
  processor.require_value("resample");
  return static_cast<image::Filter>(processor.settings.whole("resample", 0, 0, 5));
}

/// DINOv3's processor scales images before it resizes them, so torchvision resizes floats. With other settings
/// torchvision would round bytes in its own way, or copy pixels.
void check_floats(const Processor& processor) {
  for (const auto* step : {"do_resize", "do_rescale"})
    if (!processor.is_on(step)) processor.settings.refuse(step, "of DINOv3ViTImageProcessor is off", other_processor);
  const auto filter = read_filter(processor);
  if (filter != image::Filter::bilinear && filter != image::Filter::bicubic)
    processor.settings.refuse("resample", "of DINOv3ViTImageProcessor is neither 2 (bilinear) nor 3 (bicubic)",
                              other_processor);
}

/// ConvNext enlarges a shortest edge below 384 by `crop_pct` and crops it; from 384 on it squeezes images to a square.
void read_convnext_size(const Settings& settings, image::Preprocess& preprocess) {
  constexpr int first_squeezed = 384;
  const int edge = read_edge(settings);
  const double part = settings.number("crop_pct", 1, 1e-3, 1);
  if (settings.flag("do_center_crop", false))
    settings.refuse("do_center_crop", "of ConvNextImageProcessor would be a second crop", other_processor);
  if (edge >= first_squeezed) {
    preprocess.resize = {edge, edge};
  } else {
    preprocess.resize_shortest_edge = int(edge / part);
    preprocess.crop = {edge, edge};
  }
}

void read_resize(const Processor& processor, image::Preprocess& preprocess) {
  const auto& settings = processor.settings;
  processor.require_value("size");
  check_size_keys(settings);
  preprocess.filter = read_filter(processor);
  if (processor.name == "ConvNextImageProcessor")
    read_convnext_size(settings, preprocess);
  else if (keeps_aspect(processor))
    preprocess.resize_shortest_edge = read_edge(settings);
  else
    preprocess.resize = read_sides(settings, "size");
}

/// Reads one number for all channels, or one for each.
void read_channels(const Settings& settings, const std::string& key, std::array<float, 3>& values) {
  constexpr double largest = 1e6;
  const auto is_number = [](const json& v) { return v.is_number() && std::abs(v.get<double>()) <= largest; };
  const auto& given = settings.at(key);
  const auto list = is_number(given) ? json::array({given, given, given}) : given;
  const bool three = list.is_array() && list.size() == 3 && std::ranges::all_of(list, is_number);
  if (!three) settings.fail(key, "must be three numbers");
  for (std::size_t i = 0; i < 3; ++i) values[i] = list[i].get<float>();
}

/// Rejects enabled steps that matcher does not implement. Ignoring one would change vectors silently.
void check_steps(const Settings& settings) {
  constexpr std::array known{"do_resize", "do_center_crop", "do_rescale", "do_normalize", "do_convert_rgb"};
  for (const auto& [key, value] : settings.items()) {
    const bool is_step = key.starts_with("do_") || key == "use_square_size";
    const bool is_off = value.is_null() || value == false || value == 0;
    if (is_step && !is_off && std::ranges::find(known, key) == known.end())
      settings.refuse(printable(key), "is a step that matcher does not know", other_processor);
  }
}

void read_normalisation(const Processor& processor, image::Preprocess& preprocess) {
  processor.require_value("image_mean");
  processor.require_value("image_std");
  read_channels(processor.settings, "image_mean", preprocess.mean);
  read_channels(processor.settings, "image_std", preprocess.deviation);
  for (const auto deviation : preprocess.deviation) {
    if (!(deviation > 0)) processor.settings.fail("image_std", "must be above 0");
  }
}

void read_crop(const Processor& processor, image::Preprocess& preprocess) {
  processor.require_value("crop_size");
  preprocess.crop = read_sides(processor.settings, "crop_size");
}

bool has_image_processor(const fs::path& file) {
  return path_exists(file) && read_settings(file).has("image_processor");
}

}  // namespace

fs::path find_processor_file(const fs::path& folder) {
  auto old = folder / "preprocessor_config.json", joint = folder / "processor_config.json";
  if (has_image_processor(joint)) return joint;
  return path_exists(old) || !path_exists(joint) ? old : joint;
}

image::Preprocess read_image_processor(const Checkpoint& checkpoint, const std::string& fallback) {
  const auto file = find_processor_file(checkpoint.folder());
  const auto settings = read_settings(file);
  const auto processor_class = checkpoint.config().text("image_processor_type", fallback);
  if (file.filename() == "preprocessor_config.json") return read_image_processor(settings, processor_class);
  if (!settings.has("image_processor")) settings.fail("image_processor", "is missing");
  return read_image_processor(settings.child("image_processor"), processor_class);
}

image::Preprocess read_image_processor(const Settings& settings, const std::string& fallback) {
  check_steps(settings);
  const auto name = read_processor_class(settings, fallback);
  const Processor processor{add_processor_defaults(settings, name), name};
  image::Preprocess preprocess;
  preprocess.round = name != "DINOv3ViTImageProcessor";
  if (!preprocess.round) check_floats(processor);
  if (processor.is_on("do_resize")) read_resize(processor, preprocess);
  if (processor.is_on("do_center_crop")) read_crop(processor, preprocess);
  if (settings.has_null("rescale_factor")) settings.fail("rescale_factor", "has no value");
  preprocess.scale =
      processor.is_on("do_rescale") ? float(processor.settings.number("rescale_factor", 1.0 / 255.0, 1e-6, 1e6)) : 1.0f;
  if (processor.is_on("do_normalize")) read_normalisation(processor, preprocess);
  if (preprocess.output() == image::Size{})
    processor.settings.refuse("size", "would leave images of different sizes",
                              "matcher needs a crop, or a height and a width");
  return preprocess;
}

}  // namespace matcher::model
