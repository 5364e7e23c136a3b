// CLIP, whole or its vision tower only. Reference: transformers' modeling_clip.py.
#include <fmt/format.h>

#include "matcher/model/blocks/block.hpp"
#include "matcher/model/blocks/taker.hpp"
#include "matcher/model/checkpoint/image_processor.hpp"
#include "matcher/model/families/families.hpp"
#include "matcher/model/network/block_contract.hpp"

namespace matcher::model {
namespace {

constexpr BlockNames block_names{"layer_norm1",        "self_attn.q_proj",
                                 "self_attn.k_proj",   "self_attn.v_proj",
                                 "self_attn.out_proj", nullptr,
                                 "layer_norm2",        nullptr};

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
  if (block.width % block.heads != 0)
    config.fail("num_attention_heads", fmt::format("does not divide hidden_size {}", block.width));
  block.epsilon = config.number("layer_norm_eps", 1e-5, 0, 1);
  block.activation = read_activation(config, "quick_gelu");
  block.masked = masked;
  return block;
}

std::vector<Blueprint> read_blocks(Checkpoint& checkpoint, const Settings& config, const std::string& prefix,
                                   const BlockShape& shape) {
  std::vector<Blueprint> blocks;
  const auto layers = config.whole("num_hidden_layers", 12, 1, 1024);
  for (std::int64_t i = 0; i < layers; ++i)
    blocks.push_back(read_block(checkpoint, fmt::format("{}encoder.layers.{}.", prefix, i), shape, block_names));
  return blocks;
}

struct Vision {
  std::int64_t side, patch;
  BlockShape block;
};

Vision read_vision(const Settings& config) {
  Vision vision{config.side("image_size", 224), config.side("patch_size", 32),
                read_block_shape(config, vision_defaults, false)};
  if (const auto channels = config.whole("num_channels", 3); channels != 3)
    config.refuse("num_channels", fmt::format("is {}, but matcher embeds images of 3", channels), build_in_python);
  if (vision.patch > vision.side) config.fail("patch_size", "is larger than image_size");
  return vision;
}

void add_vision(Checkpoint& checkpoint, const Settings& config, const Vision& vision, std::int64_t dimension,
                Blueprint& network) {
  const auto grid = vision.side / vision.patch;
  const auto width = vision.block.width;
  Taker tower(checkpoint, network, "vision_model."), whole(checkpoint, network, "");
  tower.take("class_token", "embeddings.class_embedding", {width});
  tower.take("patch_weight", "embeddings.patch_embedding.weight", {width, 3, vision.patch, vision.patch});
  tower.take("positions", "embeddings.position_embedding.weight", {grid * grid + 1, width});
  tower.take_norm("norm_before", "pre_layrnorm", width);
  tower.take_norm("norm_after", "post_layernorm", width);
  whole.take("project_weight", "visual_projection.weight", {dimension, width});
  checkpoint.ignore("vision_model.embeddings.position_ids");
  const auto blocks = add_blocks(network, "block", read_blocks(checkpoint, config, "vision_model.", vision.block), "x");
  network.source +=
      patches_source(vision.patch, false) + project_source(project_method, "project") +
      fmt::format(
          "def forward(self, pictures: Tensor) -> Tensor:\n"
          "    n = pictures.size(0)\n"
          "    x = self.{0}(pictures)\n"
          "    x = torch.cat([self.class_token.float().expand(n, 1, -1), x], 1) + self.positions.float()\n"
          "    x = {1}\n"
          "{2}"
          "    return self.{4}({3})\n",
          patches_method, norm_call("norm_before", "x", width, vision.block.epsilon), blocks,
          norm_call("norm_after", "x[:, 0]", width, vision.block.epsilon), project_method);
}

constexpr std::int64_t text_vocabulary = 49408;  // the default of "vocab_size"

/// True for old configurations, which give 2 as "eos_token_id" though that never was the token. A text's vector is then
/// taken at the token with the largest id, which is the last one of the vocabulary.
bool ends_with_last_token(const Settings& config) { return config.whole("eos_token_id", 49407, 0) == 2; }

std::int64_t end_token(const Settings& config) {
  if (ends_with_last_token(config)) return config.whole("vocab_size", text_vocabulary) - 1;
  return config.whole("eos_token_id", 49407, 0);
}

std::string end_source(const Settings& config) {
  return ends_with_last_token(config) ? "ids.argmax(1)" : fmt::format("(ids == {}).int().argmax(1)", end_token(config));
}

void add_text(Checkpoint& checkpoint, const Settings& config, std::int64_t dimension, std::int64_t length,
              Blueprint& network) {
  const auto shape = read_block_shape(config, text_defaults, true);
  Taker tower(checkpoint, network, "text_model."), whole(checkpoint, network, "");
  tower.take("text_tokens", "embeddings.token_embedding.weight",
             {config.whole("vocab_size", text_vocabulary), shape.width});
  tower.take(text_positions_weight, "embeddings.position_embedding.weight", {length, shape.width});
  tower.take_norm("text_norm", "final_layer_norm", shape.width);
  whole.take("project_text_weight", "text_projection.weight", {dimension, shape.width});
  checkpoint.ignore("text_model.embeddings.position_ids");
  const auto blocks =
      add_blocks(network, "text_block", read_blocks(checkpoint, config, "text_model.", shape), "x, mask");
  network.source +=
      project_source(project_text_method, "project_text") +
      fmt::format(
          "def {4}(self, ids: Tensor) -> Tensor:\n"
          "    t = ids.size(1)\n"
          "    x = torch.embedding(self.text_tokens, ids).float() + self.text_positions[:t].float()\n"
          "    mask = torch.full([t, t], float('-inf'), dtype=self.text_tokens.dtype, device=x.device).triu(1)\n"
          "{0}"
          "    x = {1}\n"
          "    x = x[torch.arange(ids.size(0), device=ids.device), {2}]\n"
          "    return self.{3}(x)\n",
          blocks, norm_call("text_norm", "x", shape.width, shape.epsilon), end_source(config), project_text_method,
          encode_text_method);
}

/// Early files have "text_config_dict", which replaces "text_config" as a whole, as in transformers.
Settings tower_settings(const Settings& config, const std::string& key) {
  const auto early = key + "_dict";
  return config.child(config.has(early) ? early : key);
}

Architecture read_clip(Checkpoint& checkpoint) {
  const auto& config = checkpoint.config();
  const bool vision_only = config.text("model_type", "") == vision_type;
  const auto vision_config = vision_only ? config : tower_settings(config, "vision_config");
  const auto vision = read_vision(vision_config);
  const auto dimension = config.whole("projection_dim", 512);

  Architecture architecture{fmt::format("{} layers of {}, patches of {}", vision_config.whole("num_hidden_layers", 12),
                                        vision.block.width, vision.patch),
                            int(dimension),
                            int(vision.patch),
                            int(vision.side),
                            {}};
  add_vision(checkpoint, vision_config, vision, dimension, architecture.network);
  if (!vision_only) {
    const auto text_config = tower_settings(config, "text_config");
    architecture.text = {text_config.whole("vocab_size", text_vocabulary), end_token(text_config)};
    add_text(checkpoint, text_config, dimension, text_config.whole("max_position_embeddings", 77, 2),
             architecture.network);
    checkpoint.ignore("logit_scale");
  }
  return architecture;
}

constexpr std::string_view model_types[]{"clip", vision_type};

}  // namespace

const Family clip_family{
    .name = "clip",
    .model_types = model_types,
    .read = read_clip,
    .preprocess = [](const Checkpoint& checkpoint) { return read_image_processor(checkpoint, "CLIPImageProcessor"); },
    .tokenizer = &clip_tokenizer,
};

}  // namespace matcher::model
