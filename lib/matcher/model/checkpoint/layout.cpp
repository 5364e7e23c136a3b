#include "matcher/model/checkpoint/layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "matcher/core/error.hpp"
#include "matcher/files/file.hpp"
#include "matcher/files/paths.hpp"
#include "matcher/model/checkpoint/config_file.hpp"
#include "matcher/model/checkpoint/safetensors.hpp"
#include "matcher/model/checkpoint/wrappers.hpp"

namespace matcher::model {
namespace {

constexpr const char *config_file = "config.json", *open_clip_config = "open_clip_config.json";
constexpr std::array single_files{"model.safetensors", "model.safetensors.index.json"};
constexpr std::array open_clip_files{"open_clip_model.safetensors", "open_clip_pytorch_model.safetensors"};
constexpr std::array pickles{"pytorch_model.bin", "open_clip_pytorch_model.bin", "open_clip_model.bin", "model.pt",
                             "model.pth"};

template <std::size_t n>
std::optional<fs::path> first_of(const fs::path& folder, const std::array<const char*, n>& names) {
  for (const auto* name : names)
    if (path_exists(folder / name)) return folder / name;
  return std::nullopt;
}

[[noreturn]] void fail(const fs::path& folder, const std::string& what, const std::string& next) {
  throw Error(ErrorCode::input, fmt::format("{} {}; {}", folder.string(), what, next));
}

/// The one line of Python that turns a pickle into safetensors.
std::string convert(const fs::path& pickle) {
  return fmt::format(
      "convert it, if you trust its maker: python3 -c 'import torch, safetensors.torch as s; w = torch.load(\"{0}\", "
      "weights_only=True, map_location=\"cpu\"); w = w.get(\"state_dict\", w); s.save_file({{k: v.clone().contiguous() "
      "for k, v in "
      "w.items()}}, \"{1}\")'",
      pickle.string(),
      (pickle.parent_path() /
       (pickle.filename().string().starts_with("open_clip") ? open_clip_files[0] : single_files[0]))
          .string());
}

/// Returns the name of the first file with the extension; "" if there is none.
std::string first_with(const fs::path& folder, const char* extension) {
  std::string first;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const auto name = entry.path().filename().string();
    if (entry.path().extension() == extension && (first.empty() || name < first)) first = name;
  }
  return first;
}

[[noreturn]] void fail_without_weights(const fs::path& folder) {
  const auto missing = fmt::format("holds neither {} nor {}", single_files[0], single_files[1]);
  if (path_exists(folder / "pytorch_model.bin.index.json"))
    fail(folder, missing,
         fmt::format("its pytorch_model files can run any program when they are opened, so matcher does not: fetch the "
                     "safetensors files of the same model, or convert them, if you trust their maker: python3 -c "
                     "'import transformers; transformers.AutoModel.from_pretrained(\"{0}\").save_pretrained(\"{0}\")'",
                     folder.string()));
  if (const auto other = first_with(folder, ".safetensors"); !other.empty())
    fail(folder, missing,
         fmt::format("if {} has the network's weights, rename it to {}", printable(other), single_files[0]));
  const auto pickle = first_of(folder, pickles);
  if (!pickle) fail(folder, missing, "fetch the checkpoint again");
  fail(folder, missing,
       fmt::format("{} can run any program when it is opened, so matcher does not: fetch the safetensors file of the "
                   "same model, or {}",
                   pickle->filename().string(), convert(*pickle)));
}

/// True if the weights have the text tower of transformers' CLIP or SigLIP.
bool has_text_tower(const fs::path& weights) {
  if (weights.extension() == ".json") return read_text(weights).find("\"text_model.") != std::string::npos;
  const MappedFile file(weights);
  const auto tensors = read_safetensors(file, weights);
  return std::ranges::any_of(tensors, [](const auto& entry) { return entry.first.starts_with("text_model."); });
}

/// True if the weights have open_clip's names, with whatever stands before them.
bool has_open_clip_names(const fs::path& weights) {
  if (weights.extension() == ".json") return false;
  const MappedFile file(weights);
  const auto tensors = read_safetensors(file, weights);
  return std::ranges::any_of(tensors, [](const auto& entry) {
    return entry.first.starts_with("visual.") || entry.first.find(".visual.") != std::string::npos;
  });
}

/// Follows sentence-transformers' list of modules to the folder of its CLIP.
fs::path enter_modules(const fs::path& folder) {
  const auto clip = folder / "0_CLIPModel";
  if (!path_exists(folder / "modules.json")) return folder;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const auto name = entry.path().filename().string();
    if (name.ends_with("_Dense"))
      fail(folder, fmt::format("is a sentence-transformers model whose \"{}\" changes every vector", name),
           "matcher builds CLIP alone: make TorchScript of it in Python (docs/reference/models.md, \"TorchScript made "
           "in Python\")");
  }
  return is_folder(clip) ? clip : folder;  // later files have the first module at the top
}

fs::path checked_folder(const fs::path& folder) {
  if (!is_folder(folder)) {
    fail(folder, "is not a folder",
         fmt::format("--checkpoint takes the folder of a Hugging Face checkpoint, with config.json, "
                     "preprocessor_config.json and {}",
                     single_files[0]));
  }
  refuse_adapter(folder);
  return enter_modules(folder);
}

}  // namespace

CheckpointFiles find_checkpoint(const fs::path& given) {
  const auto folder = checked_folder(given);
  const auto own = first_of(folder, single_files);
  if (!path_exists(folder / open_clip_config)) {
    read_settings(folder / config_file);  // throws if it is missing
    if (!own) fail_without_weights(folder);
    return {folder, folder / config_file, *own};
  }
  const auto open_clip = first_of(folder, open_clip_files);
  if (own && path_exists(folder / config_file) && has_text_tower(*own)) return {folder, folder / config_file, *own};
  if (open_clip) return {folder, folder / open_clip_config, *open_clip};
  if (own && has_open_clip_names(*own)) return {folder, folder / open_clip_config, *own};
  if (own && path_exists(folder / config_file)) return {folder, folder / config_file, *own};
  fail_without_weights(folder);
}

}  // namespace matcher::model
