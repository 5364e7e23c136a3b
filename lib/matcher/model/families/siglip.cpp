// SigLIP and SigLIP 2 of fixed size, whole or their vision tower only. Reference: transformers' modeling_siglip.py.
#include <fmt/format.h>

#include "matcher/model/blocks/activation.hpp"
#include "matcher/model/checkpoint/image_processor.hpp"
#include "matcher/model/families/clip_names.hpp"
#include "matcher/model/families/families.hpp"

namespace matcher::model {
namespace {

constexpr VisionNames vision_names{.patch = "embeddings.patch_embedding",
                                   .positions = "embeddings.position_embedding.weight",
                                   .blocks = "encoder.layers.",
                                   .block = clip_block_names,
                                   .norm = "post_layernorm",
                                   .batched = false};
constexpr PoolNames pool_names{.probe = "probe",
                               .joined_weight = "attention.in_proj_weight",
                               .joined_bias = "attention.in_proj_bias",
                               .output = "attention.out_proj",
                               .norm = "layernorm"};

constexpr std::string_view whole_type = "siglip", vision_type = "siglip_vision_model";
constexpr std::int64_t end_token = 1;  // "</s>" of SigLIP, "<eos>" of SigLIP 2

/// Both towers have the same defaults.
BlockShape read_block_shape(const Settings& config) {
  BlockShape block{};
  block.width = config.whole("hidden_size", 768);
  block.hidden = config.whole("intermediate_size", 3072);
  block.heads = config.whole("num_attention_heads", 12);
  check_heads(config, block);
  block.epsilon = config.number("layer_norm_eps", 1e-6, 0, 1);
  block.activation = read_activation(config, "gelu_pytorch_tanh");
  return block;
}

std::int64_t read_layers(const Settings& config) { return config.whole("num_hidden_layers", 12, 1, 1024); }

VisionShape read_vision(const Settings& config) {
  if (!config.flag("vision_use_head", true))
    config.refuse("vision_use_head", "is false, so the network has no vector for an image", build_in_python);
  VisionShape vision;
  vision.patch = config.side("patch_size", 16);
  vision.layers = read_layers(config);
  vision.block = read_block_shape(config);
  vision.pooled = Pooled::attention;
  check_channels(config);
  vision.side = config.side("image_size", 224) / vision.patch;
  if (vision.side < 1) config.fail("patch_size", "is larger than image_size");
  return vision;
}

TextShape read_text(const Settings& config) {
  TextShape text;
  text.vocabulary = config.whole("vocab_size", 32000);
  text.length = config.whole("max_position_embeddings", 64, 2);
  text.layers = read_layers(config);
  text.block = read_block_shape(config);
  text.end = "x[:, -1]";
  return text;
}

/// True for NaFlex, which cuts images into patches before the network, in as many as their shape needs.
bool takes_any_size(const Settings& config) {
  return config.text("model_type", "").starts_with("siglip2") || config.child("vision_config").has("num_patches") ||
         config.has("num_patches");
}

bool is_siglip(const Family& family, const Checkpoint& checkpoint) {
  return has_model_type(family, checkpoint) || checkpoint.config().text("model_type", "").starts_with("siglip2");
}

void refuse_any_size(const Settings& config) {
  if (!takes_any_size(config)) return;
  config.refuse(
      "model_type",
      fmt::format("is \"{}\": a NaFlex network, for images of any shape", printable(config.text("model_type", ""))),
      "matcher builds SigLIP 2 of a fixed size: use google/siglip2-base-patch16-224 or its sisters, whose "
      "names end with a size");
}

void add_image_tower(Checkpoint& checkpoint, const VisionShape& vision, Blueprint& network) {
  const std::string prefix = checkpoint.has("vision_model.embeddings.patch_embedding.weight") ? "vision_model." : "";
  checkpoint.ignore(prefix + "embeddings.position_ids");
  add_pool(checkpoint, prefix + "head.",
           {vision.block.width, vision.block.heads, vision.block.hidden, vision.block.epsilon, vision.block.activation},
           pool_names, network);
  add_vision(checkpoint, prefix, vision, vision_names, std::nullopt, network);
}

constexpr const TokenizerKind* tokenizers[]{&sentencepiece_tokenizer, &gemma_tokenizer};

void add_text_tower(Checkpoint& checkpoint, Architecture& architecture) {
  const auto config = checkpoint.config().child("text_config");
  const auto text = read_text(config);
  checkpoint.ignore("text_model.embeddings.position_ids");
  const auto dimension = config.whole("projection_size", text.block.width);
  if (dimension != architecture.dimension)
    config.fail("projection_size",
                fmt::format("is {}, but images have vectors of {}", dimension, architecture.dimension));
  add_text(checkpoint, "text_model.", text, clip_text_names, Projection{"text_model.head", dimension, true},
           architecture.network);
  architecture.text = {text.vocabulary, end_token, tokenizers};
}

Architecture read_siglip(Checkpoint& checkpoint) {
  const auto& config = checkpoint.config();
  refuse_any_size(config);
  const bool vision_only = config.text("model_type", "") == vision_type;
  const auto vision_config = vision_only ? config : config.child("vision_config");
  const auto vision = read_vision(vision_config);

  Architecture architecture;
  architecture.summary = summarise(vision);
  architecture.dimension = int(vision.block.width);
  architecture.patch = int(vision.patch);
  architecture.fixed_side = int(vision_config.side("image_size", 224));
  add_image_tower(checkpoint, vision, architecture.network);
  for (const auto* name : {"logit_scale", "logit_bias"}) checkpoint.ignore(name);
  checkpoint.ignore_all("classifier.");  // of SiglipForImageClassification, which has no text tower
  if (!vision_only && checkpoint.has_any("text_model.")) add_text_tower(checkpoint, architecture);
  return architecture;
}

constexpr std::string_view model_types[]{whole_type, vision_type};

}  // namespace

const Family siglip_family{
    .name = "siglip",
    .model_types = model_types,
    .matches = is_siglip,
    .read = read_siglip,
    .preprocess = [](const Checkpoint& checkpoint) { return read_image_processor(checkpoint, "SiglipImageProcessor"); },
};

}  // namespace matcher::model
