#include "matcher/model/checkpoint/wrappers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "matcher/core/error.hpp"
#include "matcher/files/file.hpp"
#include "matcher/files/paths.hpp"
#include "matcher/model/checkpoint/config_file.hpp"

namespace matcher::model {
namespace {

constexpr std::array<std::string_view, 3> inserted{"._orig_mod", "._fsdp_wrapped_module",
                                                   "._checkpoint_wrapped_module"};
/// Names of the attribute that holds the network in a wrapper.
constexpr std::array<std::string_view, 5> outer{"module.", "model.", "base_model.model.", "backbone.", "vision_tower."};

std::string without_inserted(const std::string& name) {
  auto path = "." + name;
  for (const auto part : inserted) {
    const auto inner = std::string(part) + ".";
    for (auto at = path.find(inner); at != std::string::npos; at = path.find(inner, at)) path.erase(at, part.size());
  }
  return path.substr(1);
}

/// Returns the parts with which all names begin, "net.image."; "" if there are none.
std::string common_begin(const StoredTensors& tensors) {
  if (tensors.empty()) return {};
  const auto &first = tensors.begin()->first, &last = tensors.rbegin()->first;  // the farthest apart in order
  const auto same = std::ranges::mismatch(first, last).in1 - first.begin();
  const auto dot = first.substr(0, std::size_t(same)).rfind('.');
  return dot == std::string::npos ? std::string() : first.substr(0, dot + 1);
}

std::size_t count_prefix(const StoredTensors& tensors, std::string_view prefix) {
  return std::size_t(
      std::ranges::count_if(tensors, [&](const auto& entry) { return entry.first.starts_with(prefix); }));
}

template <class Change>
void rename(StoredTensors& tensors, const Change& change) {
  StoredTensors renamed;
  for (auto& [name, tensor] : tensors) {
    const auto file = tensor.file;
    const auto plain = change(name);
    if (renamed.try_emplace(plain, std::move(tensor)).second) continue;
    throw Error(
        ErrorCode::input,
        fmt::format("{} has the tensor \"{}\" twice: with and without the part of its name that torch.compile or "
                    "parallel training adds. Save the network again, unwrapped",
                    file.string(), printable(plain)));
  }
  tensors = std::move(renamed);
}

bool is_adapter_tensor(const std::string& name) {
  return name.find(".lora_") != std::string::npos || name.find(".base_layer.") != std::string::npos;
}

bool has_adapter(const StoredTensors& tensors) {
  return std::ranges::any_of(tensors, [](const auto& entry) { return is_adapter_tensor(entry.first); });
}

/// "an adapter (LoRA) of facebook/dinov2-base"
std::string describe_adapter(const Settings& adapter) {
  const auto kind = adapter.text("peft_type", "LORA"), base = adapter.text("base_model_name_or_path", "");
  return fmt::format("an adapter ({}){}", kind == "LORA" ? "LoRA" : printable(kind),
                     base.empty() ? "" : fmt::format(" of {}", printable(base)));
}

constexpr const char* merge =
    "Merge it into that model in Python, with peft: "
    "PeftModel.from_pretrained(model, ADAPTER).merge_and_unload().save_pretrained(FOLDER); then export FOLDER";

}  // namespace

void unwrap_names(StoredTensors& tensors) {
  rename(tensors, without_inserted);
  if (has_adapter(tensors)) return;
  const auto has_all = [&](std::string_view prefix) { return count_prefix(tensors, prefix) == tensors.size(); };
  while (!tensors.empty()) {
    const auto* prefix = std::ranges::find_if(outer, has_all);
    if (prefix == outer.end()) return;
    rename(tensors, [&](const std::string& name) { return name.substr(prefix->size()); });
  }
}

void refuse_adapter(const fs::path& folder) {
  const auto file = folder / "adapter_config.json";
  if (!path_exists(file)) return;
  throw Error(ErrorCode::input, fmt::format("\"{}\" holds {}, not a network. {}", folder.string(),
                                            describe_adapter(read_settings(file)), merge));
}

std::string explain_missing(const StoredTensors& tensors, const std::string& name) {
  if (has_adapter(tensors)) return fmt::format("its tensors are those of an adapter, such as LoRA. {}", merge);
  for (const auto& [longer, tensor] : tensors) {
    if (!longer.ends_with("." + name)) continue;
    const auto prefix = longer.substr(0, longer.size() - name.size());
    if (count_prefix(tensors, prefix) * 2 <= tensors.size()) continue;
    return fmt::format(
        "it has \"{}\" instead: the network is part of a larger one. Save that part alone in Python: "
        "model.{}.save_pretrained(FOLDER); then export FOLDER",
        printable(longer), printable(prefix.substr(0, prefix.size() - 1)));
  }
  const auto common = common_begin(tensors);
  if (common.empty()) return {};
  return fmt::format("all its tensors begin with \"{}\": save the part inside alone in Python, then export its folder",
                     printable(common));
}

}  // namespace matcher::model
