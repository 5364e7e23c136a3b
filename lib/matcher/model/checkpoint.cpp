#include "matcher/model/checkpoint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "matcher/core/error.hpp"
#include "matcher/core/file.hpp"

namespace matcher::model {
namespace {

using json = nlohmann::json;

constexpr const char* single_file = "model.safetensors";
constexpr const char* index_file = "model.safetensors.index.json";

bool is_there(const fs::path& path) {
  std::error_code ignored;  // a name that cannot be looked up is not there
  return fs::exists(path, ignored);
}

[[noreturn]] void fail_shard(const fs::path& index, const std::string& shard) {
  throw Error(ErrorCode::input, fmt::format("{} names the file \"{}\", which is not a plain file name; fetch it again",
                                            index.string(), printable(shard)));
}

bool is_plain(const std::string& name) {
  return !name.empty() && name != "." && name != ".." && fs::path(name).filename() == name;
}

/// Tensor name -> file name.
std::map<std::string, std::string> weight_map(const fs::path& file) {
  const auto index = read_settings(file);
  if (!index.has("weight_map") || !index.at("weight_map").is_object()) index.fail("weight_map", "must be an object");
  std::map<std::string, std::string> map;
  for (const auto& [tensor, shard] : index.at("weight_map").items()) {
    if (!shard.is_string()) index.fail("weight_map", fmt::format("names no file for tensor \"{}\"", printable(tensor)));
    const auto name = shard.get<std::string>();
    if (!is_plain(name)) fail_shard(file, name);
    map.emplace(tensor, name);
  }
  return map;
}

fs::path checked_folder(const fs::path& folder) {
  std::error_code ignored;
  if (fs::is_directory(folder, ignored)) return folder;
  throw Error(ErrorCode::input,
              fmt::format("{} is not a folder; --checkpoint takes the folder of a Hugging Face checkpoint, "
                          "with config.json, preprocessor_config.json and {}",
                          folder.string(), single_file));
}

/// Whether no number has all bits of the exponent, which mean NaN or infinity.
template <typename Bits>
bool all_finite(std::span<const std::byte> bytes, Bits exponent) {
  bool finite = true;  // without an early end, so that the compiler makes it quick
  for (std::size_t at = 0; at + sizeof(Bits) <= bytes.size(); at += sizeof(Bits)) {
    Bits bits = 0;
    std::memcpy(&bits, bytes.data() + at, sizeof(Bits));
    finite &= (bits & exponent) != exponent;
  }
  return finite;
}

bool is_finite(const StoredTensor& tensor) {
  if (tensor.type == ElementType::fp16) return all_finite<std::uint16_t>(tensor.bytes, 0x7c00);
  if (tensor.type == ElementType::bf16) return all_finite<std::uint16_t>(tensor.bytes, 0x7f80);
  return all_finite<std::uint32_t>(tensor.bytes, 0x7f800000);
}

bool fits(std::span<const std::int64_t> shape, std::span<const std::int64_t> wanted) {
  return std::ranges::equal(shape, wanted, [](auto side, auto want) { return want == -1 || side == want; });
}

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
  if (size.has("longest_edge")) settings.fail("size", "with longest_edge is not a step that matcher knows");
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

image::Filter read_filter(const Settings& settings) {
  constexpr std::int64_t bilinear = 2, bicubic = 3;  // Pillow's numbers
  const auto filter = settings.whole("resample", bicubic, 0);
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

/// Steps that are on and that matcher does not follow would go wrong without a word.
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

bool Settings::has(const std::string& key) const { return object_.contains(key) && !object_.at(key).is_null(); }

void Settings::fail(const std::string& key, const std::string& reason) const {
  throw Error(ErrorCode::input,
              fmt::format("{}: \"{}\" {}; correct it, or fetch the checkpoint again", origin_, key, reason));
}

std::int64_t Settings::whole(const std::string& key, std::int64_t fallback, std::int64_t low, std::int64_t high) const {
  if (!has(key)) {
    if (fallback < low) fail(key, "is missing");
    return fallback;
  }
  const auto& value = at(key);
  const bool is_whole =
      value.is_number_integer() || (value.is_number_float() && value.get<double>() == std::floor(value.get<double>()));
  if (!is_whole) fail(key, "must be a whole number");
  const auto number = value.get<double>();
  if (number < double(low) || number > double(high))
    fail(key, fmt::format("is {}; it must be {} to {}", value.dump(), low, high));
  return std::int64_t(number);
}

double Settings::number(const std::string& key, double fallback, double low, double high) const {
  if (!has(key)) return fallback;
  if (!at(key).is_number()) fail(key, "must be a number");
  const auto number = at(key).get<double>();
  if (number < low || number > high) fail(key, fmt::format("is {}; it must be {} to {}", at(key).dump(), low, high));
  return number;
}

bool Settings::flag(const std::string& key, bool fallback) const {
  if (!has(key)) return fallback;
  if (!at(key).is_boolean()) fail(key, "must be true or false");
  return at(key).get<bool>();
}

std::string Settings::text(const std::string& key, const std::string& fallback) const {
  if (!has(key)) return fallback;
  if (!at(key).is_string()) fail(key, "must be a text");
  return at(key).get<std::string>();
}

Settings Settings::child(const std::string& key) const {
  if (!has(key)) return {json::object(), origin_};
  if (!at(key).is_object()) fail(key, "must be an object");
  return {at(key), origin_};
}

std::int64_t Settings::side(const std::string& key, std::int64_t fallback) const {
  if (!has(key) || !at(key).is_array()) return whole(key, fallback, 1, 1 << 14);
  const auto& sides = at(key);
  if (sides.size() != 2 || sides[0] != sides[1])
    fail(key, fmt::format("is {}; matcher takes squares only", printable(sides.dump())));
  return Settings({{key, sides[0]}}, origin_).whole(key, 0, 1, 1 << 14);
}

Settings read_settings(const fs::path& file) {
  if (!is_there(file)) {
    throw Error(ErrorCode::input,
                fmt::format("{} is not there; fetch the whole checkpoint: config.json, preprocessor_config.json and {}",
                            file.string(), single_file));
  }
  const auto text = read_text(file);
  const auto fail = [&](const char* reason) {
    throw Error(ErrorCode::input, fmt::format("{} is {}; fetch it again", file.string(), reason));
  };
  if (is_nested_too_deeply(text)) fail("nested too deeply");
  auto object = json::parse(text, nullptr, false);
  if (!object.is_object()) fail("no JSON object");
  return {std::move(object), file.string()};
}

Checkpoint::Checkpoint(const fs::path& folder)
    : folder_(checked_folder(folder)), config_(read_settings(folder / "config.json")) {
  if (is_there(folder_ / single_file)) {
    add_file(folder_ / single_file);
  } else if (is_there(folder_ / index_file)) {
    read_shards();
  } else {
    const bool pickled = is_there(folder_ / "pytorch_model.bin");
    throw Error(ErrorCode::input,
                fmt::format("{} holds neither {} nor {}{}", folder_.string(), single_file, index_file,
                            pickled ? "; pytorch_model.bin can run any program when it is opened, so matcher "
                                      "does not: fetch the safetensors file of the same model"
                                    : "; fetch the checkpoint again"));
  }
}

void Checkpoint::read_shards() {
  const auto index = folder_ / index_file;
  const auto map = weight_map(index);
  std::set<std::string> shards;
  for (const auto& [tensor, shard] : map) {
    if (!shards.insert(shard).second) continue;
    if (!is_there(folder_ / shard)) {
      throw Error(ErrorCode::input,
                  fmt::format("{} is not there, but {} says that it holds tensor \"{}\"; fetch the checkpoint again",
                              (folder_ / printable(shard)).string(), index.string(), printable(tensor)));
    }
  }
  for (const auto& shard : shards) add_file(folder_ / shard);
  for (const auto& [tensor, shard] : map) {
    const auto found = tensors_.find(tensor);
    if (found != tensors_.end() && found->second.file.filename() == shard) continue;
    throw Error(ErrorCode::input,
                fmt::format("tensor \"{}\" is not in {}, where {} says that it is; fetch the checkpoint again",
                            printable(tensor), (folder_ / shard).string(), index.string()));
  }
}

void Checkpoint::add_file(const fs::path& path) {
  maps_.push_back(std::make_unique<MappedFile>(path));
  paths_.push_back(path);
  for (auto& [name, tensor] : read_safetensors(*maps_.back(), path)) {
    const auto [place, added] = tensors_.try_emplace(name, std::move(tensor));
    if (added) continue;
    throw Error(ErrorCode::input, fmt::format("tensor \"{}\" is both in {} and in {}; fetch the checkpoint again",
                                              printable(name), place->second.file.string(), path.string()));
  }
}

const StoredTensor& Checkpoint::take(const std::string& name, const std::vector<std::int64_t>& shape) {
  const auto found = tensors_.find(name);
  if (found == tensors_.end()) {
    throw Error(ErrorCode::input,
                fmt::format("{} has no tensor \"{}\" {}, which {} calls for; fetch the checkpoint again",
                            folder_.string(), name, shape_text(shape), config_.origin()));
  }
  const auto& tensor = found->second;
  if (!fits(tensor.shape, shape)) {
    throw Error(ErrorCode::input,
                fmt::format("tensor \"{}\" in {} is {}, but {} calls for {}; fetch both again from one place", name,
                            tensor.file.string(), shape_text(tensor.shape), config_.origin(), shape_text(shape)));
  }
  if (tensor.type == ElementType::other) {
    throw Error(ErrorCode::input, fmt::format("tensor \"{}\" in {} is of {}; matcher takes F32, F16 and BF16", name,
                                              tensor.file.string(), tensor.type_name));
  }
  check_finite(name, tensor);
  used_.insert(name);
  return tensor;
}

void Checkpoint::check_finite(const std::string& name, const StoredTensor& tensor) const {
  if (is_finite(tensor)) return;
  throw Error(
      ErrorCode::input,
      fmt::format("tensor \"{}\" in {} holds NaN or infinity, and so would every vector; fetch it again, or train "
                  "it again",
                  name, tensor.file.string()));
}

void Checkpoint::ignore_all(const std::string& prefix) {
  for (const auto& [name, tensor] : tensors_) {
    if (name.starts_with(prefix)) used_.insert(name);
  }
}

void Checkpoint::check_all_used() const {
  for (const auto& [name, tensor] : tensors_) {
    if (used_.contains(name)) continue;
    throw Error(ErrorCode::input,
                fmt::format("tensor \"{}\" {} in {} has no place in the network that {} describes; this is another "
                            "architecture, or the two files do not belong together",
                            printable(name), shape_text(tensor.shape), tensor.file.string(), config_.origin()));
  }
}

image::Preprocess read_processor(const fs::path& file) {
  const auto settings = read_settings(file);
  check_steps(settings);
  image::Preprocess preprocess;
  preprocess.filter = read_filter(settings);
  if (settings.flag("do_resize", true)) read_resize(settings, preprocess);
  if (settings.flag("do_center_crop", settings.has("crop_size"))) read_crop(settings, preprocess);
  preprocess.scale =
      settings.flag("do_rescale", true) ? float(settings.number("rescale_factor", 1.0 / 255.0, 1e-6, 1e6)) : 1.0f;
  if (settings.flag("do_normalize", true)) read_normalisation(settings, preprocess);
  if (preprocess.output() == image::Size{})
    settings.fail("size", "would leave pictures of different sizes; matcher needs a crop, or a height and a width");
  return preprocess;
}

}  // namespace matcher::model
