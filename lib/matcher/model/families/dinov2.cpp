// DINOv2, with and without registers. Reference: transformers' modeling_dinov2.py and
// modeling_dinov2_with_registers.py.
#include <fmt/format.h>

#include <cmath>

#include "matcher/model/blocks/block.hpp"
#include "matcher/model/blocks/taker.hpp"
#include "matcher/model/checkpoint/image_processor.hpp"
#include "matcher/model/families/families.hpp"
#include "matcher/model/network/block_contract.hpp"

namespace matcher::model {
namespace {

constexpr BlockNames block_names{"norm1",
                                 "attention.attention.query",
                                 "attention.attention.key",
                                 "attention.attention.value",
                                 "attention.output.dense",
                                 "layer_scale1.lambda1",
                                 "norm2",
                                 "layer_scale2.lambda1"};

constexpr std::string_view plain_type = "dinov2", with_registers_type = "dinov2_with_registers";

struct Shape {
  std::int64_t width, layers, patch, channels, registers;
  BlockShape block;
};

std::int64_t hidden_of(const Settings& config, std::int64_t width) {
  const auto hidden = std::int64_t(double(width) * config.number("mlp_ratio", 4, 0, 1024));
  if (hidden < 1) config.fail("mlp_ratio", "leaves no hidden layer");
  // SwiGLU has three matrices instead of two, so each has two thirds of the size, in multiples of 8.
  return config.flag("use_swiglu_ffn", false) ? (std::int64_t(double(hidden) * 2 / 3) + 7) / 8 * 8 : hidden;
}

Shape read_shape(const Settings& config, bool with_registers) {
  Shape shape{};
  shape.width = config.whole("hidden_size", 768);
  shape.layers = config.whole("num_hidden_layers", 12, 1, 1024);
  shape.patch = config.side("patch_size", with_registers ? 16 : 14);
  shape.channels = config.whole("num_channels", 3);
  shape.registers = with_registers ? config.whole("num_register_tokens", 4, 0) : 0;
  if (shape.channels != 3)
    config.refuse("num_channels", fmt::format("is {}, but matcher embeds images of 3", shape.channels),
                  build_in_python);
  auto& block = shape.block;
  block.width = shape.width;
  block.heads = config.whole("num_attention_heads", 12);
  if (shape.width % block.heads != 0)
    config.fail("num_attention_heads", fmt::format("does not divide hidden_size {}", shape.width));
  block.hidden = hidden_of(config, shape.width);
  block.epsilon = config.number("layer_norm_eps", 1e-6, 0, 1);
  block.activation = config.flag("use_swiglu_ffn", false) ? swiglu : read_activation(config, "gelu");
  block.attention_bias = config.flag("qkv_bias", true);
  return shape;
}

/// The learned positions form a square. For images of another size they are resized as in transformers: in fp32,
/// bicubic, and antialiased only with registers.
std::string positions_source(const Shape& shape, std::int64_t side, bool antialias) {
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
      fmt::arg("patch", shape.patch), fmt::arg("count", side * side), fmt::arg("side", side),
      fmt::arg("width", shape.width), fmt::arg("resize", antialias ? "_upsample_bicubic2d_aa" : "upsample_bicubic2d"));
}

std::string forward_source(const Shape& shape, const std::string& blocks) {
  const auto* registers =
      shape.registers == 0 ? ""
                           : "    x = torch.cat([x[:, :1], self.registers.float().expand(n, -1, -1), x[:, 1:]], 1)\n";
  return fmt::format(
      "def forward(self, pictures: Tensor) -> Tensor:\n"
      "    n = pictures.size(0)\n"
      "    x = self.{0}(pictures)\n"
      "    x = torch.cat([self.class_token.float().expand(n, -1, -1), x], 1)\n"
      "    x = x + self.positions_of(pictures.size(2), pictures.size(3))\n"
      "{1}{2}"
      "    return {3}\n",
      patches_method, registers, blocks, norm_call("norm", "x[:, 0]", shape.width, shape.block.epsilon));
}

/// Returns "dinov2." for a model with a classification head, whose tensors have this prefix. Ignores the head.
std::string find_prefix(Checkpoint& checkpoint, std::string_view base) {
  auto prefix = fmt::format("{}.", base);
  if (!checkpoint.has(prefix + "embeddings.cls_token")) return {};
  checkpoint.ignore_all("classifier.");
  return prefix;
}

/// Takes the tensors outside the blocks; `side` is the learned positions' side, in patches.
void take_weights(Checkpoint& checkpoint, Blueprint& network, const Shape& shape, std::int64_t side,
                  const std::string& prefix) {
  Taker taker(checkpoint, network, prefix);
  taker.take("class_token", "embeddings.cls_token", {1, 1, shape.width});
  taker.take("positions", "embeddings.position_embeddings", {1, side * side + 1, shape.width});
  taker.take("patch_weight", "embeddings.patch_embeddings.projection.weight",
             {shape.width, shape.channels, shape.patch, shape.patch});
  taker.take("patch_bias", "embeddings.patch_embeddings.projection.bias", {shape.width});
  if (shape.registers > 0) taker.take("registers", "embeddings.register_tokens", {1, shape.registers, shape.width});
  if (shape.registers == 0) checkpoint.ignore(prefix + "embeddings.register_tokens");  // [1, 0, d] if present
  taker.take_norm("norm", "layernorm", shape.width);
  checkpoint.ignore(prefix + "embeddings.mask_token");  // used in training only
}

Architecture read_dinov2(Checkpoint& checkpoint) {
  const auto& config = checkpoint.config();
  const bool with_registers = config.text("model_type", "") == with_registers_type;
  const auto shape = read_shape(config, with_registers);
  const auto side = config.side("image_size", 224) / shape.patch;
  if (side < 1) config.fail("image_size", "is smaller than patch_size");
  const auto prefix = find_prefix(checkpoint, with_registers ? with_registers_type : plain_type);

  Blueprint network;
  take_weights(checkpoint, network, shape, side, prefix);
  std::vector<Blueprint> blocks;
  for (std::int64_t i = 0; i < shape.layers; ++i)
    blocks.push_back(read_block(checkpoint, fmt::format("{}encoder.layer.{}.", prefix, i), shape.block, block_names));
  const auto through = add_blocks(network, "block", std::move(blocks), "x");
  network.source = patches_source(shape.patch, true) + positions_source(shape, side, with_registers) +
                   forward_source(shape, through);
  return {fmt::format("{} layers of {}, patches of {}{}", shape.layers, shape.width, shape.patch,
                      shape.registers > 0 ? fmt::format(", {} registers", shape.registers) : ""),
          int(shape.width), int(shape.patch), 0, std::move(network)};
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
