#include "matcher/config/bundles.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>

#include "matcher/config/model_expression.hpp"
#include "matcher/config/yaml/bundle.hpp"
#include "matcher/core/error.hpp"
#include "matcher/core/names.hpp"
#include "matcher/files/file.hpp"
#include "matcher/files/paths.hpp"

namespace matcher::config {
namespace {

bool has_extension(const fs::path& path, std::initializer_list<fs::path> extensions) {
  return std::find(extensions.begin(), extensions.end(), path.extension()) != extensions.end();
}

/// Returns nothing for a file without a description. A damaged file is reported when it is requested.
std::optional<model::Bundle> read_self_described(const fs::path& path) try {
  const auto text = model::embedded_metadata(path);
  if (text.empty()) return std::nullopt;
  auto bundle = parse_bundle(text, path.string());
  bundle.path = path;
  bundle.file = path.filename().string();
  return bundle;
} catch (const Error&) {
  return std::nullopt;
}

/// Lists descriptions by the name of their file. If two have one name, the one found first counts.
std::map<std::string, fs::path> descriptions(const Places& places) {
  std::map<std::string, fs::path> files;
  for (const auto& folder : places.model_folders) {
    for (const auto& file : list_if_readable(folder)) {
      if (has_extension(file, {".yaml", ".yml"})) files.emplace(file.stem().string(), file);
    }
  }
  return files;
}

/// Takes what a description leaves to the file that it describes.
void take_unsaid(const model::Bundle& own, model::Bundle& bundle) {
  if (bundle.precision == Precision::automatic) bundle.precision = own.precision;
  auto& transparent = bundle.preprocess.transparent;
  if (transparent == image::Transparent::automatic) transparent = own.preprocess.transparent;
}

/// Puts the folder of new models into the command that gets a model.
void name_folder(std::string& get, const Places& places) {
  constexpr std::string_view placeholder = "<models>";
  const auto at = get.find(placeholder);
  if (at != std::string::npos) get.replace(at, placeholder.size(), places.own.models.string());
}

model::Bundle with_file(model::Bundle bundle, const Places& places) {
  name_folder(bundle.get, places);
  if (!bundle.builtin.empty()) return bundle;
  std::vector<fs::path> folders{fs::path(bundle.origin).parent_path()};
  folders.insert(folders.end(), places.model_folders.begin(), places.model_folders.end());
  for (const auto& folder : folders) {
    if (!is_file(folder / bundle.file)) continue;
    bundle.path = absolute_path(folder / bundle.file);
    if (const auto own = read_self_described(bundle.path)) take_unsaid(*own, bundle);
    break;
  }
  return bundle;
}

model::Bundle read_description(const fs::path& file) { return parse_bundle(read_text(file), file.string()); }

/// Lists TorchScript files with a description inside, by its name. Leaves out files that another description claims.
std::map<std::string, model::Bundle> self_described(const Places& places, const std::vector<model::Bundle>& claimed) {
  std::map<std::string, model::Bundle> bundles;
  for (const auto& folder : places.model_folders) {
    for (const auto& file : list_if_readable(folder)) {
      if (!has_extension(file, {".pt", ".safetensors"}) || !is_file(file)) continue;
      const auto path = absolute_path(file);
      if (std::ranges::any_of(claimed, [&](const auto& bundle) { return bundle.path == path; })) continue;
      if (auto bundle = read_self_described(path)) bundles.emplace(bundle->name, std::move(*bundle));
    }
  }
  return bundles;
}

/// Reads a description, and checks that it has the name of its file.
model::Bundle read_named(const std::string& name, const fs::path& file) {
  auto bundle = read_description(file);
  if (bundle.name == name) return bundle;
  throw Error(ErrorCode::usage, fmt::format("{}: the name is \"{}\", but the file is called \"{}\". Make them the same",
                                            file.string(), bundle.name, name));
}

std::optional<model::Bundle> described_elsewhere(const fs::path& torchscript, const Places& places) {
  for (const auto* extension : {".yaml", ".yml"}) {
    const auto beside = fs::path(torchscript).replace_extension(extension);
    if (is_file(beside)) return read_description(beside);
  }
  for (const auto& [name, file] : descriptions(places)) {
    auto bundle = read_named(name, file);
    if (bundle.builtin.empty() && bundle.file == torchscript.filename()) return bundle;
  }
  return std::nullopt;
}

model::Bundle describe_torchscript(const fs::path& file, const Places& places) {
  if (const auto text = model::embedded_metadata(file); !text.empty()) return parse_bundle(text, file.string());
  if (auto bundle = described_elsewhere(file, places)) return *bundle;
  throw Error(
      ErrorCode::usage,
      fmt::format(
          "\"{}\" does not describe how to prepare an image. Write {} beside it, for example: preprocess: {{resize: "
          "{{shortest_edge: 256}}, crop: {{height: 224, width: 224}}, mean: [0.485, 0.456, 0.406], std: "
          "[0.229, 0.224, 0.225]}}",
          file.string(), fs::path(file).replace_extension(".yaml").filename().string()));
}

model::Bundle bundle_at(const fs::path& path, const Places& places) {
  if (!is_file(path)) {
    throw Error(ErrorCode::input, fmt::format("\"{}\" {}. Give a TorchScript file, or a name that matcher models lists",
                                              path.string(), why_missing(path)));
  }
  if (has_extension(path, {".yaml", ".yml"})) return with_file(read_description(path), places);
  auto bundle = describe_torchscript(path, places);
  bundle.path = absolute_path(path);
  bundle.file = path.filename().string();
  return bundle;
}

bool is_path(const std::string& text) {
  return text.find('/') != std::string::npos ||
         (has_extension(text, {".pt", ".pth", ".torchscript", ".safetensors", ".yaml", ".yml"}) && is_file(text));
}

/// All descriptions, sorted by name, without the bases of adapted models.
std::vector<model::Bundle> list_bundles(const Places& places) {
  std::vector<model::Bundle> bundles;
  for (const auto& [name, file] : descriptions(places)) bundles.push_back(with_file(read_named(name, file), places));
  for (auto& [name, bundle] : self_described(places, bundles)) {
    if (std::ranges::none_of(bundles, [&name = name](const auto& other) { return other.name == name; }))
      bundles.push_back(std::move(bundle));
  }
  std::ranges::sort(bundles, {}, &model::Bundle::name);
  return bundles;
}

[[noreturn]] void fail_step(const std::string& name, const std::string& step) {
  std::vector<std::string> names;
  for (const auto* known : refine::steps()) names.emplace_back(known->name);
  const auto near = nearest_name(step, names);
  throw Error(ErrorCode::usage,
              fmt::format("\"{}\": \"{}\" is not a step{} Steps: {}", name, step,
                          near.empty() ? "." : fmt::format("; did you mean {}?", near), refine::step_forms()));
}

model::Bundle bundle_named(const std::string& name_or_path, const Places& places) {
  if (is_path(name_or_path)) return bundle_at(name_or_path, places);
  const auto files = descriptions(places);
  if (const auto found = files.find(name_or_path); found != files.end()) {
    return with_file(read_named(found->first, found->second), places);
  }
  std::vector<std::string> names;
  for (auto& bundle : list_bundles(places)) {
    if (bundle.name == name_or_path) return bundle;
    names.push_back(bundle.name);
  }
  if (is_file(name_or_path)) {
    throw Error(ErrorCode::usage,
                fmt::format("\"{}\" is not a model: its name does not end in .pt, .pth, .torchscript, "
                            ".yaml or .yml. Give another file, or a name that matcher models lists",
                            name_or_path));
  }
  if (const auto at = name_or_path.find('@'); std::ranges::count(names, name_or_path.substr(0, at)) > 0)
    fail_step(name_or_path, name_or_path.substr(name_or_path.rfind('@') + 1));
  throw Error(ErrorCode::usage, fmt::format("unknown model \"{}\"{} (matcher models lists them)", name_or_path,
                                            name_hint(name_or_path, names)));
}

/// The way of decoding that the steps name; otherwise `decode`.
std::optional<image::Decode> decode_of(const refine::Steps& steps, std::optional<image::Decode> decode) {
  for (const auto& given : steps) {
    if (given.step->stage == refine::Stage::decoding) decode = image::find_decode(given.step->name);
  }
  return decode;
}

refine::Steps steps_at_embedding(const refine::Steps& steps) {
  refine::Steps some;
  std::ranges::copy_if(steps, std::back_inserter(some),
                       [](const auto& given) { return given.step->stage == refine::Stage::embedding; });
  return some;
}

/// Finds a bundle without the bases of an adapted model, so that no circle of descriptions is followed.
model::Bundle find_alone(const std::string& name_or_path, const Places& places, std::optional<image::Decode> decode) {
  const auto [name, steps] = take_steps(name_or_path);
  decode = decode_of(steps, decode);
  auto bundle = bundle_named(name, places);
  if (!bundle.is_adapted() && decode && *decode != bundle.preprocess.decode) {
    bundle.preprocess.decode = *decode;
    bundle.name += fmt::format("@{}", to_string(*decode));
  }
  bundle.steps = steps_at_embedding(steps);
  bundle.name += refine::suffix_of(bundle.steps);
  return bundle;
}

/// Finds a base of an adapted model, or notes why there is none.
void find_base(model::BaseModel& base, const Places& places) try {
  base.bundle = find_alone(base.name, places, {});
  if (base.bundle.is_adapted()) base.problem = "it is an adapted model itself";
} catch (const Error& error) {
  base.problem = error.what();
}

/// Finds the bases of an adapted model, which prepares images as the first of them does.
model::Bundle with_bases(model::Bundle bundle, const Places& places) {
  auto& bases = bundle.adaptation.bases;
  for (auto& base : bases) find_base(base, places);
  if (!bases.empty()) bundle.preprocess = bases[0].bundle.preprocess;
  return bundle;
}

/// The base of an adapted model decides how images are decoded, because the map was learnt so.
void check_decode(const std::string& name_or_path, const model::Bundle& bundle) {
  const auto asked = decode_of(take_steps(name_or_path).steps, {});
  if (!bundle.is_adapted() || !asked || *asked == bundle.preprocess.decode) return;
  throw Error(
      ErrorCode::usage,
      fmt::format("\"{}\": {} is adapted, and decodes images as its base does. Learn another map: matcher adapt "
                  "NEW-NAME --model {}@{} --dataset {}",
                  name_or_path, bundle.name, bundle.adaptation.bases[0].name, to_string(*asked),
                  bundle.adaptation.dataset));
}

}  // namespace

std::string bundle_yaml(const model::Bundle& bundle) { return write_bundle(bundle); }

std::vector<model::Bundle> find_bundles(const Places& places) {
  auto bundles = list_bundles(places);
  for (auto& bundle : bundles) bundle = with_bases(std::move(bundle), places);
  return bundles;
}

model::Bundle find_bundle(const std::string& name_or_path, const Places& places, std::optional<image::Decode> decode) {
  auto bundle = with_bases(find_alone(name_or_path, places, decode), places);
  check_decode(name_or_path, bundle);
  return bundle;
}

}  // namespace matcher::config
