#include "matcher/config/yaml/bundle.hpp"

#include <fmt/format.h>

#include "matcher/config/yaml/adaptation.hpp"
#include "matcher/config/yaml/decode.hpp"
#include "matcher/config/yaml/emit.hpp"
#include "matcher/config/yaml/reader.hpp"

namespace matcher::config {
namespace {

using image::Preprocess;

image::Filter parse_filter(const std::string& text) {
  if (const auto filter = image::find_filter(text)) return *filter;
  throw Error(ErrorCode::usage, fmt::format("unknown filter \"{}\". Use one of {}", text, image::filter_names()));
}

image::Transparent parse_transparent(const std::string& text) {
  if (text == "drop") return image::Transparent::drop;
  if (text == "white") return image::Transparent::white;
  throw Error(ErrorCode::usage, fmt::format("unknown value \"{}\" of transparent. Use drop or white", text));
}

image::CropRounding parse_rounding(const std::string& text) {
  if (text == "down") return image::CropRounding::down;
  if (text == "even") return image::CropRounding::half_to_even;
  throw Error(ErrorCode::usage, fmt::format("unknown rounding \"{}\". Use down or even", text));
}

model::Pooling parse_pooling(const std::string& text) {
  if (text == "cls") return model::Pooling::cls;
  if (text == "mean") return model::Pooling::mean;
  if (text == "none") return model::Pooling::none;
  throw Error(ErrorCode::usage, fmt::format("unknown pooling \"{}\". Use cls, mean or none", text));
}

image::Size read_size(YamlMap& yaml) {
  image::Size size;
  yaml.read("height", size.height, 1);
  yaml.read("width", size.width, 1);
  if ((size.height == 0) != (size.width == 0)) yaml.fail("height and width go together. Give both");
  return size;
}

void read_resize(YamlMap yaml, Preprocess& preprocess) {
  yaml.read("shortest_edge", preprocess.resize_shortest_edge, 1);
  preprocess.resize = read_size(yaml);
  yaml.read_as("filter", preprocess.filter, parse_filter);
  yaml.read("round", preprocess.round);
  yaml.finish();
  if (!preprocess.round && preprocess.filter == image::Filter::nearest)
    yaml.fail("\"round: false\" has no meaning for the filter nearest, which copies pixels. Remove it");
  if ((preprocess.resize_shortest_edge > 0) == (preprocess.resize.height > 0)) {
    yaml.fail("\"resize\" needs either shortest_edge or height and width");
  }
}

void read_crop(YamlMap yaml, Preprocess& preprocess) {
  preprocess.crop = read_size(yaml);
  yaml.read_as("rounding", preprocess.crop_rounding, parse_rounding);
  yaml.finish();
}

void read_preprocess(YamlMap yaml, Preprocess& preprocess) {
  yaml.read_as("decode", preprocess.decode, parse_decode);
  yaml.read("orient", preprocess.apply_orientation);
  yaml.read_as("transparent", preprocess.transparent, parse_transparent);
  if (const auto resize = yaml.map("resize")) read_resize(*resize, preprocess);
  if (const auto crop = yaml.map("crop")) read_crop(*crop, preprocess);
  yaml.read("scale", preprocess.scale);
  yaml.read_numbers("mean", preprocess.mean.data(), preprocess.mean.size());
  yaml.read_numbers("std", preprocess.deviation.data(), preprocess.deviation.size());
  yaml.finish();
  for (const auto deviation : preprocess.deviation) {
    if (!(deviation > 0)) yaml.fail_at("std", fmt::format("\"std\" must be above 0, not {}", deviation));
  }
}

void check(const YamlMap& yaml, const model::Bundle& bundle) {
  if (!bundle.builtin.empty() && !bundle.file.empty())
    yaml.fail_at("file", "a built-in module has no file. Remove one of the two");
  if (!bundle.is_adapted() && bundle.preprocess.output() == image::Size{}) {
    yaml.fail(
        "the size of a prepared image would depend on the photo. Give \"preprocess\" a crop, or a resize with height "
        "and "
        "width");
  }
}

std::string number(float value) { return fmt::format("{}", value); }

void write_size(YAML::Emitter& out, image::Size size) {
  out << YAML::Key << "height" << YAML::Value << size.height << YAML::Key << "width" << YAML::Value << size.width;
}

void write_numbers(YAML::Emitter& out, const char* key, const std::array<float, 3>& values) {
  out << YAML::Key << key << YAML::Value << YAML::Flow << YAML::BeginSeq;
  for (const auto value : values) out << number(value);
  out << YAML::EndSeq;
}

void write_resize(YAML::Emitter& out, const Preprocess& preprocess) {
  if (preprocess.resize_shortest_edge == 0 && preprocess.resize.height == 0) return;
  out << YAML::Key << "resize" << YAML::Value << YAML::Flow << YAML::BeginMap;
  if (preprocess.resize_shortest_edge > 0) {
    out << YAML::Key << "shortest_edge" << YAML::Value << preprocess.resize_shortest_edge;
  } else {
    write_size(out, preprocess.resize);
  }
  out << YAML::Key << "filter" << YAML::Value << std::string(to_string(preprocess.filter));
  if (!preprocess.round) out << YAML::Key << "round" << YAML::Value << false;
  out << YAML::EndMap;
}

void write_preprocess(YAML::Emitter& out, const Preprocess& preprocess) {
  out << YAML::Key << "preprocess" << YAML::Value << YAML::BeginMap;
  if (preprocess.decode == image::Decode::fast) write_text(out, "decode", "fast");
  out << YAML::Key << "orient" << YAML::Value << preprocess.apply_orientation;
  if (preprocess.transparent != image::Transparent::automatic)
    write_text(out, "transparent", preprocess.transparent == image::Transparent::white ? "white" : "drop");
  write_resize(out, preprocess);
  if (preprocess.crop.height > 0) {
    out << YAML::Key << "crop" << YAML::Value << YAML::Flow << YAML::BeginMap;
    write_size(out, preprocess.crop);
    if (preprocess.crop_rounding == image::CropRounding::half_to_even) write_text(out, "rounding", "even");
    out << YAML::EndMap;
  }
  out << YAML::Key << "scale" << YAML::Value << number(preprocess.scale);
  write_numbers(out, "mean", preprocess.mean);
  write_numbers(out, "std", preprocess.deviation);
  out << YAML::EndMap;
}

}  // namespace

model::Bundle parse_bundle(const std::string& text, const std::string& origin) {
  auto yaml = YamlMap::parse(text, origin);
  model::Bundle bundle;
  bundle.origin = origin;
  bundle.name = std::filesystem::path(origin).stem().string();
  yaml.read("name", bundle.name);
  yaml.read("description", bundle.description);
  yaml.read("family", bundle.family);
  yaml.read("source", bundle.source);
  yaml.read("license", bundle.license);
  yaml.read("builtin", bundle.builtin);
  yaml.read("file", bundle.file);
  yaml.read("get", bundle.get);
  yaml.read("checkpoint", bundle.checkpoint);
  yaml.read_as("precision", bundle.precision, [](const std::string& value) { return parse_precision(value); });
  yaml.read("dimension", bundle.dimension, 0);
  yaml.read("output", bundle.output);
  yaml.read_as("pooling", bundle.pooling, parse_pooling);
  if (const auto preprocess = yaml.map("preprocess")) read_preprocess(*preprocess, bundle.preprocess);
  read_adaptation(yaml, bundle.adaptation);
  yaml.finish();
  check(yaml, bundle);
  if (bundle.builtin.empty() && bundle.file.empty())
    bundle.file = bundle.name + (bundle.is_adapted() ? ".safetensors" : ".pt");
  return bundle;
}

std::string write_bundle(const model::Bundle& bundle) {
  YAML::Emitter out;
  out << YAML::BeginMap;
  write_text(out, "name", bundle.name);
  write_text(out, "description", bundle.description);
  write_text(out, "family", bundle.family);
  write_text(out, "source", bundle.source);
  write_text(out, "license", bundle.license);
  write_text(out, "builtin", bundle.builtin);
  write_text(out, "file", bundle.file);
  write_text(out, "get", bundle.get);
  write_text(out, "checkpoint", bundle.checkpoint);
  if (bundle.precision != Precision::automatic) write_text(out, "precision", to_string(bundle.precision));
  if (bundle.dimension > 0) out << YAML::Key << "dimension" << YAML::Value << bundle.dimension;
  write_text(out, "output", bundle.output);
  write_text(out, "pooling",
             bundle.pooling == model::Pooling::cls    ? "cls"
             : bundle.pooling == model::Pooling::mean ? "mean"
                                                      : "");
  write_adaptation(out, bundle.adaptation);
  if (!bundle.is_adapted()) write_preprocess(out, bundle.preprocess);
  out << YAML::EndMap;
  return out.c_str() + std::string("\n");
}

}  // namespace matcher::config
