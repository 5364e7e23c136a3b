// DINOv3's vision transformers. Reference: transformers' modeling_dinov3_vit.py.
#include <fmt/format.h>

#include "matcher/model/blocks/activation.hpp"
#include "matcher/model/blocks/vision.hpp"
#include "matcher/model/checkpoint/image_processor.hpp"
#include "matcher/model/families/families.hpp"

namespace matcher::model {
namespace {

constexpr VisionNames names{.patch = "embeddings.patch_embeddings",
                            .class_token = "embeddings.cls_token",
                            .registers = "embeddings.register_tokens",
                            .blocks = "layer.",
                            .block = {.norm1 = "norm1",
                                      .query = "attention.q_proj",
                                      .key = "attention.k_proj",
                                      .value = "attention.v_proj",
                                      .output = "attention.o_proj",
                                      .scale1 = "layer_scale1.lambda1",
                                      .norm2 = "norm2",
                                      .scale2 = "layer_scale2.lambda1",
                                      .gate = "mlp.gate_proj",
                                      .enter = "mlp.up_proj",
                                      .leave = "mlp.down_proj"},
                            .norm = "norm"};

constexpr std::string_view vit_type = "dinov3_vit", convolutional_type = "dinov3_convnext";

BlockShape read_block_shape(const Settings& config) {
  BlockShape block{};
  block.width = config.whole("hidden_size", 384);
  block.hidden = config.whole("intermediate_size", 1536);
  block.heads = config.whole("num_attention_heads", 6);
  check_heads(config, block);
  if (block.width / block.heads % 4 != 0)
    config.fail("num_attention_heads",
                fmt::format("leaves heads of {}; rotary positions need a multiple of 4", block.width / block.heads));
  block.epsilon = config.number("layer_norm_eps", 1e-5, 0, 1);
  block.gated = config.flag("use_gated_mlp", false);
  block.activation = read_activation(config, "gelu");
  block.biases = {config.flag("query_bias", true), config.flag("key_bias", false), config.flag("value_bias", true),
                  config.flag("proj_bias", true), config.flag("mlp_bias", true)};
  block.rotary = Rotary::halves;
  return block;
}

VisionShape read_shape(const Settings& config) {
  VisionShape shape;
  shape.layers = config.whole("num_hidden_layers", 12, 1, 1024);
  shape.patch = config.side("patch_size", 16);
  shape.registers = config.whole("num_register_tokens", 0, 0);
  check_channels(config);
  shape.block = read_block_shape(config);
  shape.rotary = RotaryShape{.head = shape.block.width / shape.block.heads,
                             .front = 1 + shape.registers,
                             .theta = config.number("rope_theta", 100, 1, 1e9)};
  return shape;
}

bool is_dinov3(const Family& family, const Checkpoint& checkpoint) {
  return has_model_type(family, checkpoint) || checkpoint.config().text("model_type", "") == convolutional_type;
}

Architecture read_dinov3(Checkpoint& checkpoint) {
  const auto& config = checkpoint.config();
  if (config.text("model_type", "") == convolutional_type)
    config.refuse("model_type",
                  fmt::format("is \"{}\", but matcher builds DINOv3's vision transformers only", convolutional_type),
                  "use facebook/dinov3-vits16-pretrain-lvd1689m or its sisters");
  const auto shape = read_shape(config);
  if (shape.registers == 0) checkpoint.ignore("embeddings.register_tokens");  // [1, 0, d] if present
  checkpoint.ignore("embeddings.mask_token");                                 // used in training only
  checkpoint.ignore("rope_embeddings.inv_freq");                              // computed instead

  auto own_names = names;
  if (checkpoint.has_any("model.layer.")) own_names.blocks = "model.layer.";  // a later form of transformers
  Architecture architecture;
  architecture.summary = summarise(shape);
  architecture.dimension = int(shape.block.width);
  architecture.patch = int(shape.patch);
  add_vision(checkpoint, "", shape, own_names, std::nullopt, architecture.network);
  return architecture;
}

constexpr std::string_view model_types[]{vit_type};

}  // namespace

const Family dinov3_family{
    .name = "dinov3",
    .model_types = model_types,
    .matches = is_dinov3,
    .read = read_dinov3,
    .preprocess =
        [](const Checkpoint& checkpoint) { return read_image_processor(checkpoint, "DINOv3ViTImageProcessor"); },
};

}  // namespace matcher::model
