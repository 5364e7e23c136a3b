#include "matcher/model/checkpoint/processor_class.hpp"

#include <initializer_list>
#include <map>

namespace matcher::model {
namespace {

using json = nlohmann::json;

constexpr int bilinear = 2, bicubic = 3;  // Pillow's numbers

struct Channels {
  json mean, deviation;
};

// transformers' image_utils.py
const Channels& clip_channels() {
  static const Channels channels{{0.48145466, 0.4578275, 0.40821073}, {0.26862954, 0.26130258, 0.27577711}};
  return channels;
}

const Channels& standard_channels() {
  static const Channels channels{{0.5, 0.5, 0.5}, {0.5, 0.5, 0.5}};
  return channels;
}

const Channels& imagenet_channels() {
  static const Channels channels{{0.485, 0.456, 0.406}, {0.229, 0.224, 0.225}};
  return channels;
}

/// The defaults of the base class, a resize and the channels. A number as "size" is both sides if `is_square`.
json defaults(json size, bool is_square, int resample, const Channels& channels, json crop_size = nullptr) {
  return {{"do_resize", true},
          {"size", std::move(size)},
          {"default_to_square", is_square},
          {"resample", resample},
          {"do_center_crop", !crop_size.is_null()},
          {"crop_size", crop_size},
          {"do_rescale", true},
          {"rescale_factor", 1.0 / 255.0},
          {"do_normalize", true},
          {"image_mean", channels.mean},
          {"image_std", channels.deviation}};
}

json square(int side) { return {{"height", side}, {"width", side}}; }
json shortest(int edge) { return {{"shortest_edge", edge}}; }

json with(json settings, const char* key, json value) {
  settings[key] = std::move(value);
  return settings;
}

/// Classes whose steps are those of their base class, and ConvNext and DINOv3, whose resize differs. Reference: the
/// class attributes in models/*/image_processing_*.py of transformers 5.24.
const std::map<std::string, json>& table() {
  static const std::map<std::string, json> classes{
      {"BitImageProcessor", defaults(shortest(224), false, bicubic, clip_channels(), 224)},
      {"CLIPImageProcessor", defaults(shortest(224), false, bicubic, clip_channels(), 224)},
      {"ChineseCLIPImageProcessor", defaults(shortest(224), false, bicubic, clip_channels(), 224)},
      {"MobileNetV1ImageProcessor", defaults(shortest(256), false, bilinear, standard_channels(), 224)},
      {"ViTImageProcessor", defaults(square(224), true, bilinear, standard_channels())},
      {"DeiTImageProcessor", defaults(square(256), true, bicubic, standard_channels(), 224)},
      {"SiglipImageProcessor", defaults(square(224), false, bicubic, standard_channels())},
      {"BlipImageProcessor", defaults(square(384), true, bicubic, clip_channels())},
      {"PvtImageProcessor", defaults(square(224), true, bicubic, imagenet_channels())},
      {"BeitImageProcessor", with(defaults(square(224), true, bicubic, standard_channels()), "crop_size", 224)},
      {"OwlViTImageProcessor", with(defaults(square(768), true, bicubic, clip_channels()), "crop_size", 768)},
      {"DINOv3ViTImageProcessor", defaults(square(224), true, bilinear, imagenet_channels())},
      {"ConvNextImageProcessor",
       with(defaults(shortest(384), false, bicubic, standard_channels()), "crop_pct", 224.0 / 256.0)}};
  return classes;
}

std::string without_suffix(std::string name) {
  for (const std::string suffix : {"Fast", "Pil"})
    if (name.ends_with(suffix)) name.resize(name.size() - suffix.size());
  return name;
}

std::string replace_extractor(std::string name) {
  const std::string old = "FeatureExtractor";
  if (const auto at = name.find(old); at != std::string::npos) name.replace(at, old.size(), "ImageProcessor");
  return name;
}

}  // namespace

std::string read_processor_class(const Settings& settings, const std::string& fallback) {
  const auto old = replace_extractor(settings.text("feature_extractor_type", fallback));
  return without_suffix(settings.text("image_processor_type", old));
}

Settings add_processor_defaults(const Settings& settings, const std::string& processor_class) {
  const auto found = table().find(processor_class);
  if (found == table().end()) return settings;
  auto all = found->second;
  for (const auto& [key, value] : settings.items()) all[key] = value;
  return {std::move(all), settings.origin()};
}

}  // namespace matcher::model
