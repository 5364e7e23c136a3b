#include "matcher/model/families/open_clip/image_tower.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "matcher/model/families/open_clip/settings.hpp"
#include "matcher/model/families/trunk.hpp"

namespace matcher::model::open_clip {
namespace {

constexpr VisionNames vision_names{.patch = "conv1",
                                   .class_token = "class_embedding",
                                   .positions = "positional_embedding",
                                   .norm_before = "ln_pre",
                                   .blocks = "transformer.resblocks.",
                                   .block = {},
                                   .norm = "ln_post",
                                   .batched = false};

constexpr std::string_view visual = "visual.", trunk = "visual.trunk.";

Pooled read_pool(const Settings& settings) {
  const auto pool = settings.text("pool_type", "tok");
  if (pool == "tok") return Pooled::first;
  if (pool == "avg") return settings.flag("final_ln_after_pool", false) ? Pooled::normalised_mean : Pooled::mean;
  settings.refuse("pool_type", fmt::format("is \"{}\", but matcher has tok and avg", printable(pool)), build_in_python);
}

VisionShape read_vision(const Checkpoint& checkpoint, const Settings& settings, bool quick) {
  check_keys(settings, "vision_cfg",
             {"layers", "width", "head_width", "mlp_ratio", "patch_size", "image_size", "ls_init_value",
              "patch_dropout", "attn_pooler_queries", "attn_pooler_heads", "no_ln_pre", "pos_embed_type",
              "final_ln_after_pool", "pool_type", "output_tokens", "act_kwargs", "norm_kwargs"},
             {"attentional_pool", "input_patchnorm", "global_average_pool", "timm_model_name", "block_type", "qk_norm",
              "scaled_cosine_attn", "scale_heads", "scale_attn_inner", "scale_attn", "scale_fc"});
  VisionShape shape;
  shape.layers = read_layers(settings);
  shape.patch = settings.side("patch_size", 16);
  shape.patch_bias = false;
  shape.block = read_block_shape(checkpoint, "visual.", settings, quick, 768);
  shape.block.heads = std::max<std::int64_t>(1, shape.block.width / settings.whole("head_width", 64));
  check_heads(settings, shape.block, "head_width", "width");
  shape.side = read_side(settings) / shape.patch;
  if (shape.side < 1) settings.fail("patch_size", "is larger than image_size");
  shape.pooled = read_pool(settings);
  return shape;
}

VisionShape add_own_tower(Checkpoint& checkpoint, const Settings& settings, bool quick, std::int64_t dimension,
                          Blueprint& network) {
  auto shape = read_vision(checkpoint, settings, quick);
  auto names = vision_names;
  names.block = block_names(settings);
  if (settings.flag("no_ln_pre", false)) names.norm_before = nullptr;
  add_vision(checkpoint, std::string(visual), shape, names, Projection{"visual.proj", dimension, false, true}, network);
  return shape;
}

/// Returns the trunk's projection; nothing if the trunk's vector is the network's.
std::optional<Projection> read_projection(const Settings& settings, std::int64_t dimension) {
  const auto kind = settings.has_null("timm_proj") ? std::string() : settings.text("timm_proj", "linear");
  if (kind == "none") return std::nullopt;
  if (kind.empty()) return Projection{"visual.trunk.head", dimension, true};
  if (kind == "linear") return Projection{"visual.head.proj", dimension, settings.flag("timm_proj_bias", false)};
  settings.refuse("timm_proj", fmt::format("is \"{}\", but matcher has none, linear and null", printable(kind)),
                  build_in_python);
}

VisionShape add_timm_tower(Checkpoint& checkpoint, const Settings& settings, std::int64_t dimension,
                           Blueprint& network) {
  check_keys(settings, "vision_cfg",
             {"timm_model_name",
              "timm_model_pretrained",
              "timm_pool",
              "timm_proj",
              "timm_proj_bias",
              "timm_drop",
              "timm_drop_path",
              "image_size",
              "patch_dropout",
              "layers",
              "width",
              "head_width",
              "mlp_ratio",
              "patch_size",
              "ls_init_value",
              "attn_pooler_queries",
              "attn_pooler_heads",
              "pos_embed_type",
              "pool_type",
              "output_tokens"},
             {"attentional_pool", "no_ln_pre", "final_ln_after_pool", "act_kwargs", "norm_kwargs", "block_type",
              "qk_norm", "scaled_cosine_attn", "scale_heads", "scale_attn_inner", "scale_attn", "scale_fc"});
  const auto name = settings.text("timm_model_name", "");
  const TrunkRequest request{name.substr(0, name.find('.')), std::string(trunk), settings.text("timm_pool", "avg"),
                             read_side(settings)};
  const auto projection = read_projection(settings, dimension);
  auto shape = add_trunk(checkpoint, settings, "timm_model_name", request, projection, network);
  if (!projection && shape.block.width != dimension)
    settings.fail("timm_model_name",
                  fmt::format("gives vectors of {}, but \"embed_dim\" is {}", shape.block.width, dimension));
  return shape;
}

}  // namespace

std::int64_t read_side(const Settings& vision) { return vision.side("image_size", 224); }

VisionShape add_image_tower(Checkpoint& checkpoint, const Settings& vision, bool quick, std::int64_t dimension,
                            Blueprint& network) {
  return vision.has("timm_model_name") ? add_timm_tower(checkpoint, vision, dimension, network)
                                       : add_own_tower(checkpoint, vision, quick, dimension, network);
}

}  // namespace matcher::model::open_clip
