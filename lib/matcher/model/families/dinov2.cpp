// DINOv2, with and without registers. Reference: transformers' modeling_dinov2.py and
// modeling_dinov2_with_registers.py.
#include <fmt/format.h>

#include "matcher/model/blocks/activation.hpp"
#include "matcher/model/blocks/vision.hpp"
#include "matcher/model/checkpoint/image_processor.hpp"
#include "matcher/model/families/families.hpp"

namespace matcher::model {
namespace {

constexpr VisionNames names{.patch = "embeddings.patch_embeddings.projection",
                            .class_token = "embeddings.cls_token",
                            .registers = "embeddings.register_tokens",
                            .positions = "embeddings.position_embeddings",
                            .blocks = "encoder.layer.",
                            .block = {.norm1 = "norm1",
                                      .query = "attention.attention.query",
                                      .key = "attention.attention.key",
                                      .value = "attention.attention.value",
                                      .output = "attention.output.dense",
                                      .scale1 = "layer_scale1.lambda1",
                                      .norm2 = "norm2",
                                      .scale2 = "layer_scale2.lambda1",
                                      .gate_and_enter = "mlp.weights_in"},
                            .norm = "layernorm"};

constexpr std::string_view plain_type = "dinov2", with_registers_type = "dinov2_with_registers";

std::int64_t hidden_of(const Settings& config, std::int64_t width, bool gated) {
  const auto hidden = std::int64_t(double(width) * config.number("mlp_ratio", 4, 0, 1024));
  if (hidden < 1) config.fail("mlp_ratio", "leaves no hidden layer");
  // SwiGLU has three matrices instead of two, so each has two thirds of the size, in multiples of 8.
  return gated ? (std::int64_t(double(hidden) * 2 / 3) + 7) / 8 * 8 : hidden;
}

BlockShape read_block_shape(const Settings& config) {
  BlockShape block{};
  block.width = config.whole("hidden_size", 768);
  block.heads = config.whole("num_attention_heads", 12);
  check_heads(config, block);
  block.gated = config.flag("use_swiglu_ffn", false);
  block.hidden = hidden_of(config, block.width, block.gated);
  block.epsilon = config.number("layer_norm_eps", 1e-6, 0, 1);
  block.activation = block.gated ? "silu" : read_activation(config, "gelu");
  block.biases.query = block.biases.key = block.biases.value = config.flag("qkv_bias", true);
  return block;
}

VisionShape read_shape(const Settings& config, bool with_registers) {
  VisionShape shape;
  shape.layers = config.whole("num_hidden_layers", 12, 1, 1024);
  shape.patch = config.side("patch_size", with_registers ? 16 : 14);
  shape.registers = with_registers ? config.whole("num_register_tokens", 4, 0) : 0;
  check_channels(config);
  shape.block = read_block_shape(config);
  shape.side = config.side("image_size", 224) / shape.patch;
  if (shape.side < 1) config.fail("image_size", "is smaller than patch_size");
  shape.positions_call = "self.positions_of(images.size(2), images.size(3))";
  return shape;
}

/// The learned positions form a square. For images of another size they are resized as in transformers: in fp32,
/// bicubic, and antialiased only with registers.
std::string positions_source(const VisionShape& shape, bool antialias) {
  return fmt::format(
      "def positions_of(self, height: int, width: int) -> Tensor:\n"
      "    positions = self.positions.float()\n"
      "    rows = height // {patch}\n"
      "    columns = width // {patch}\n"
      "    if rows * columns == {count} and height == width:\n"
      "        return positions\n"
      "    patches = positions[:, 1:].reshape(1, {side}, {side}, {width}).permute(0, 3, 1, 2)\n"
      "    resized = torch.{resize}(patches, [rows, columns], False, None, None)\n"
      "    return torch.cat([positions[:, :1], resized.permute(0, 2, 3, 1).reshape(1, rows * columns, {width})], 1)\n",
      fmt::arg("patch", shape.patch), fmt::arg("count", shape.side * shape.side), fmt::arg("side", shape.side),
      fmt::arg("width", shape.block.width),
      fmt::arg("resize", antialias ? "_upsample_bicubic2d_aa" : "upsample_bicubic2d"));
}

/// Returns "dinov2." for a model with a classification head, whose tensors have this prefix. Ignores the head.
std::string find_prefix(Checkpoint& checkpoint, std::string_view base) {
  auto prefix = fmt::format("{}.", base);
  if (!checkpoint.has(prefix + "embeddings.cls_token")) return {};
  checkpoint.ignore_all("classifier.");
  return prefix;
}

VisionNames names_of(const Checkpoint& checkpoint, const std::string& prefix, bool gated) {
  auto own = names;
  if (gated) own.block.leave = "mlp.weights_out";
  if (!checkpoint.has(prefix + "encoder.layer.0.attention.q_proj.weight")) return own;
  // a later form of transformers
  own.block.query = "attention.q_proj";
  own.block.key = "attention.k_proj";
  own.block.value = "attention.v_proj";
  own.block.output = "attention.o_proj";
  if (!gated) return own;
  own.block.gate_and_enter = nullptr;
  own.block.gate = "mlp.gate_proj";
  own.block.enter = "mlp.up_proj";
  own.block.leave = "mlp.down_proj";
  return own;
}

Architecture read_dinov2(Checkpoint& checkpoint) {
  const auto& config = checkpoint.config();
  const bool with_registers = config.text("model_type", "") == with_registers_type;
  const auto shape = read_shape(config, with_registers);
  const auto prefix = find_prefix(checkpoint, with_registers ? with_registers_type : plain_type);
  if (shape.registers == 0) checkpoint.ignore(prefix + "embeddings.register_tokens");  // [1, 0, d] if present
  checkpoint.ignore(prefix + "embeddings.mask_token");                                 // used in training only

  const auto own_names = names_of(checkpoint, prefix, shape.block.gated);
  Architecture architecture;
  architecture.summary = summarise(shape);
  architecture.dimension = int(shape.block.width);
  architecture.patch = int(shape.patch);
  architecture.network.source = positions_source(shape, with_registers);
  add_vision(checkpoint, prefix, shape, own_names, std::nullopt, architecture.network);
  return architecture;
}

constexpr std::string_view model_types[]{plain_type, with_registers_type};

}  // namespace

const Family dinov2_family{
    .name = "dinov2",
    .model_types = model_types,
    .read = read_dinov2,
    .preprocess = [](const Checkpoint& checkpoint) { return read_image_processor(checkpoint, "BitImageProcessor"); },
};

}  // namespace matcher::model
