// CLIP, whole or its vision tower only. Reference: transformers' modeling_clip.py.
#include <fmt/format.h>

#include "matcher/model/blocks/activation.hpp"
#include "matcher/model/checkpoint/image_processor.hpp"
#include "matcher/model/families/clip_names.hpp"
#include "matcher/model/families/families.hpp"

namespace matcher::model {
namespace {

constexpr VisionNames vision_names{.patch = "embeddings.patch_embedding",
                                   .class_token = "embeddings.class_embedding",
                                   .positions = "embeddings.position_embedding.weight",
                                   .norm_before = "pre_layrnorm",
                                   .blocks = "encoder.layers.",
                                   .block = clip_block_names,
                                   .norm = "post_layernorm",
                                   .batched = false};

constexpr std::string_view vision_type = "clip_vision_model";

struct Defaults {
  std::int64_t width, hidden, heads;
};
constexpr Defaults vision_defaults{768, 3072, 12}, text_defaults{512, 2048, 8};

BlockShape read_block_shape(const Settings& config, const Defaults& defaults, bool masked) {
  BlockShape block{};
  block.width = config.whole("hidden_size", defaults.width);
  block.hidden = config.whole("intermediate_size", defaults.hidden);
  block.heads = config.whole("num_attention_heads", defaults.heads);
  check_heads(config, block);
  block.epsilon = config.number("layer_norm_eps", 1e-5, 0, 1);
  block.activation = read_activation(config, "quick_gelu");
  block.masked = masked;
  return block;
}

std::int64_t read_layers(const Settings& config) { return config.whole("num_hidden_layers", 12, 1, 1024); }

VisionShape read_vision(const Settings& config) {
  VisionShape vision;
  vision.patch = config.side("patch_size", 32);
  vision.layers = read_layers(config);
  vision.patch_bias = false;
  vision.block = read_block_shape(config, vision_defaults, false);
  check_channels(config);
  vision.side = config.side("image_size", 224) / vision.patch;
  if (vision.side < 1) config.fail("patch_size", "is larger than image_size");
  return vision;
}

constexpr std::int64_t text_vocabulary = 49408;  // the default of "vocab_size"

/// True for old configurations, which give 2 as "eos_token_id" though that never was the token. A text's vector is then
/// taken at the token with the largest id, which is the last one of the vocabulary.
bool ends_with_last_token(const Settings& config) { return config.whole("eos_token_id", 49407, 0) == 2; }

std::int64_t end_token(const Settings& config) {
  if (ends_with_last_token(config)) return config.whole("vocab_size", text_vocabulary) - 1;
  return config.whole("eos_token_id", 49407, 0);
}

TextShape read_text(const Settings& config) {
  TextShape text;
  text.vocabulary = config.whole("vocab_size", text_vocabulary);
  text.length = config.whole("max_position_embeddings", 77, 2);
  text.layers = read_layers(config);
  text.block = read_block_shape(config, text_defaults, true);
  if (!ends_with_last_token(config)) text.end = token_at(fmt::format("(ids == {}).int().argmax(1)", end_token(config)));
  return text;
}

/// Early files have "text_config_dict", which replaces "text_config" as a whole, as in transformers.
Settings tower_settings(const Settings& config, const std::string& key) {
  const auto early = key + "_dict";
  return config.child(config.has(early) ? early : key);
}

constexpr const TokenizerKind* tokenizers[]{&clip_tokenizer};

void read_text_tower(Checkpoint& checkpoint, std::int64_t dimension, Architecture& architecture) {
  const auto config = tower_settings(checkpoint.config(), "text_config");
  const auto text = read_text(config);
  checkpoint.ignore("text_model.embeddings.position_ids");
  checkpoint.ignore("logit_scale");
  add_text(checkpoint, "text_model.", text, clip_text_names, Projection{"text_projection", dimension},
           architecture.network);
  architecture.text = {text.vocabulary, end_token(config), tokenizers};
}

/// Returns the prefix of the image tower's tensors. Transformers 5 writes a vision tower alone without one.
std::string find_prefix(const Checkpoint& checkpoint) {
  return checkpoint.has("embeddings.class_embedding") ? "" : "vision_model.";
}

/// Returns the image tower's projection. A vision tower or a classifier without one has vectors of the tower's width.
std::optional<Projection> read_projection(const Checkpoint& checkpoint, const Settings& config) {
  const bool alone = config.text("model_type", "") == vision_type || checkpoint.has_any("classifier.");
  if (alone && !checkpoint.has("visual_projection.weight")) return std::nullopt;
  return Projection{"visual_projection", config.whole("projection_dim", 512)};
}

Architecture read_clip(Checkpoint& checkpoint) {
  const auto& config = checkpoint.config();
  const bool vision_only = config.text("model_type", "") == vision_type;
  const auto vision_config = vision_only ? config : tower_settings(config, "vision_config");
  const auto vision = read_vision(vision_config);
  const auto projection = read_projection(checkpoint, config);
  const auto dimension = projection ? projection->dimension : vision.block.width;
  const auto prefix = find_prefix(checkpoint);

  Architecture architecture;
  architecture.summary = summarise(vision);
  architecture.dimension = int(dimension);
  architecture.patch = int(vision.patch);
  architecture.fixed_side = int(vision_config.side("image_size", 224));
  checkpoint.ignore(prefix + "embeddings.position_ids");
  checkpoint.ignore_all("classifier.");
  add_vision(checkpoint, prefix, vision, vision_names, projection, architecture.network);
  if (projection && !vision_only) read_text_tower(checkpoint, dimension, architecture);
  return architecture;
}

constexpr std::string_view model_types[]{"clip", vision_type};

}  // namespace

const Family clip_family{
    .name = "clip",
    .model_types = model_types,
    .read = read_clip,
    .preprocess = [](const Checkpoint& checkpoint) { return read_image_processor(checkpoint, "CLIPImageProcessor"); },
};

}  // namespace matcher::model
