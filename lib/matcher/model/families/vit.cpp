// Plain vision transformers of transformers, such as google/vit-base-patch16-224. Reference: transformers'
// modeling_vit.py.
#include "matcher/model/blocks/activation.hpp"
#include "matcher/model/blocks/vision.hpp"
#include "matcher/model/checkpoint/image_processor.hpp"
#include "matcher/model/families/families.hpp"

namespace matcher::model {
namespace {

constexpr VisionNames names{.patch = "embeddings.patch_embeddings.projection",
                            .class_token = "embeddings.cls_token",
                            .positions = "embeddings.position_embeddings",
                            .blocks = "encoder.layer.",
                            .block = {.norm1 = "layernorm_before",
                                      .query = "attention.attention.query",
                                      .key = "attention.attention.key",
                                      .value = "attention.attention.value",
                                      .output = "attention.output.dense",
                                      .norm2 = "layernorm_after",
                                      .enter = "intermediate.dense",
                                      .leave = "output.dense"},
                            .norm = "layernorm"};

/// The names of a later form of transformers.
VisionNames later_names() {
  auto later = names;
  later.blocks = "layers.";
  later.block.query = "attention.q_proj";
  later.block.key = "attention.k_proj";
  later.block.value = "attention.v_proj";
  later.block.output = "attention.o_proj";
  later.block.enter = "mlp.fc1";
  later.block.leave = "mlp.fc2";
  return later;
}

VisionShape read_shape(const Settings& config) {
  VisionShape shape;
  shape.layers = config.whole("num_hidden_layers", 12, 1, 1024);
  shape.patch = config.side("patch_size", 16);
  shape.side = config.side("image_size", 224) / shape.patch;
  if (shape.side < 1) config.fail("image_size", "is smaller than patch_size");
  check_channels(config);
  auto& block = shape.block;
  block.width = config.whole("hidden_size", 768);
  block.hidden = config.whole("intermediate_size", 3072);
  block.heads = config.whole("num_attention_heads", 12);
  check_heads(config, block);
  block.epsilon = config.number("layer_norm_eps", 1e-12, 0, 1);
  block.activation = read_activation(config, "gelu");
  block.biases.query = block.biases.key = block.biases.value = config.flag("qkv_bias", true);
  return shape;
}

Architecture read_vit(Checkpoint& checkpoint) {
  const auto& config = checkpoint.config();
  const auto shape = read_shape(config);
  const std::string prefix = checkpoint.has("vit.embeddings.cls_token") ? "vit." : "";
  checkpoint.ignore_all("classifier.");
  checkpoint.ignore_all(prefix + "pooler.");  // the published networks have none that was trained
  checkpoint.ignore(prefix + "embeddings.mask_token");
  Architecture architecture;
  architecture.summary = summarise(shape);
  architecture.dimension = int(shape.block.width);
  architecture.patch = int(shape.patch);
  architecture.fixed_side = int(config.side("image_size", 224));
  const bool is_later = checkpoint.has_any(prefix + "layers.");
  add_vision(checkpoint, prefix, shape, is_later ? later_names() : names, std::nullopt, architecture.network);
  return architecture;
}

constexpr std::string_view model_types[]{"vit"};

}  // namespace

const Family vit_family{
    .name = "vit",
    .model_types = model_types,
    .read = read_vit,
    .preprocess = [](const Checkpoint& checkpoint) { return read_image_processor(checkpoint, "ViTImageProcessor"); },
};

}  // namespace matcher::model
