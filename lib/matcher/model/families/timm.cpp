// Vision transformers of timm, by their config.json. Reference: timm's models/_hub.py, data/config.py and
// data/transforms_factory.py.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "matcher/model/checkpoint/timm_processor.hpp"
#include "matcher/model/families/families.hpp"
#include "matcher/model/families/trunk.hpp"

namespace matcher::model {
namespace {

bool is_timm(const Family&, const Checkpoint& checkpoint) {
  const auto type = checkpoint.config().text("model_type", "");
  return checkpoint.config().has("architecture") && (type.empty() || type == "timm_wrapper");
}

std::string find_prefix(const Checkpoint& checkpoint) { return checkpoint.has_any("timm_model.") ? "timm_model." : ""; }

/// Arguments that matcher follows, that the tensors show, or that act in training only.
constexpr std::array known_arguments{
    "img_size",      "global_pool",    "num_heads",      "dynamic_img_size", "num_classes",     "embed_dim",
    "depth",         "patch_size",     "mlp_ratio",      "class_token",      "reg_tokens",      "num_reg_tokens",
    "init_values",   "qkv_bias",       "qkv_fused",      "no_embed_class",   "scale_mlp",       "scale_attn_inner",
    "swiglu_mlp",    "pre_norm",       "fc_norm",        "use_fc_norm",      "in_chans",        "drop_rate",
    "pos_drop_rate", "proj_drop_rate", "attn_drop_rate", "drop_path_rate",   "patch_drop_rate", "weight_init"};

/// Refuses arguments of the network that matcher does not follow.
void check_arguments(const Settings& arguments) {
  for (const auto& [key, value] : arguments.items()) {
    const bool known = std::ranges::find(known_arguments, key) != known_arguments.end();
    if (!known && !value.is_null() && value != false)
      arguments.refuse(printable(key), "of \"model_args\" is an argument that matcher does not follow",
                       build_in_python);
  }
}

std::int64_t read_side(const Settings& config) {
  const auto processor = timm_settings(config);
  const auto size = read_timm_size(processor);
  const auto side = config.child("model_args").side("img_size", size.height);
  if (size.height != size.width || side != size.height)
    processor.refuse("input_size",
                     fmt::format("is {} x {}, but the network is for {} x {}", size.height, size.width, side, side),
                     "matcher builds networks for squares of one size");
  return side;
}

Architecture read_timm(Checkpoint& checkpoint) {
  const auto& config = checkpoint.config();
  const auto arguments = config.child("model_args");
  check_arguments(arguments);
  const auto name = config.text("architecture", "");
  TrunkRequest request{name.substr(0, name.find('.')), find_prefix(checkpoint),
                       arguments.text("global_pool", config.text("global_pool", "")), read_side(config),
                       arguments.whole("num_heads", 0, 0, 4096)};
  for (const auto* head : {"head.", "head_dist.", "fc."}) checkpoint.ignore_all(request.prefix + head);
  Architecture architecture;
  const auto shape = add_trunk(checkpoint, config, "architecture", request, std::nullopt, architecture.network);
  architecture.summary = summarise(shape);
  architecture.dimension = int(shape.block.width);
  architecture.patch = int(shape.patch);
  architecture.fixed_side = takes_any_size(shape) ? 0 : int(request.side);
  return architecture;
}

}  // namespace

const Family timm_family{
    .name = "timm",
    .model_types = {},
    .matches = is_timm,
    .read = read_timm,
    .preprocess = [](const Checkpoint& checkpoint) { return read_timm_processor(timm_settings(checkpoint.config())); },
};

}  // namespace matcher::model
