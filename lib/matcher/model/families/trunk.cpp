#include "matcher/model/families/trunk.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "matcher/model/families/trunk_name.hpp"

namespace matcher::model {
namespace {

class Reader {
 public:
  Reader(Checkpoint& checkpoint, const Settings& settings, std::string key, const TrunkRequest& request)
      : checkpoint_(checkpoint), settings_(settings), key_(std::move(key)), request_(request) {}

  void read() {
    read_name();
    read_patches();
    read_block();
    read_tokens();
    read_pool();
  }

  VisionShape shape{};
  VisionNames names{.patch = "patch_embed.proj",
                    .blocks = "blocks.",
                    .block = {.norm1 = "norm1", .output = "attn.proj", .norm2 = "norm2"},
                    .norm = "norm"};
  std::int64_t pool_heads = 0;

 private:
  const std::string& name() const { return request_.architecture; }
  bool has(const std::string& tensor) const { return checkpoint_.has(request_.prefix + tensor); }

  /// Returns one side of a tensor. Throws if the tensor is missing.
  std::int64_t side_of(const std::string& tensor, std::size_t side) const {
    const auto sides = checkpoint_.shape(request_.prefix + tensor);
    if (side < sides.size() && sides[side] > 0) return sides[side];
    settings_.refuse(key_,
                     fmt::format("is \"{}\", which needs the tensor \"{}{}\"; it is missing or has another shape",
                                 printable(name()), request_.prefix, tensor),
                     "use the configuration and the weights of one network");
  }

  void read_name() {
    const auto known = read_trunk_name(name());
    if (!known)
      settings_.refuse(key_,
                       fmt::format("is \"{}\", but of timm's networks matcher builds vision transformers: vit_*, and "
                                   "those of CLIP, SigLIP, DINOv2, DINOv3, PE-Core, EVA and EVA02",
                                   printable(name())),
                       build_in_python);
    known_ = *known;
  }

  void read_patches() {
    shape.patch = side_of("patch_embed.proj.weight", 2);
    shape.patch_bias = has("patch_embed.proj.bias");
    while (has(fmt::format("blocks.{}.norm1.weight", shape.layers))) ++shape.layers;
    if (has("norm_pre.weight")) names.norm_before = "norm_pre";
  }

  std::int64_t heads() const {
    if (request_.heads > 0) return request_.heads;
    return known_.heads > 0 ? known_.heads : std::max<std::int64_t>(1, shape.block.width / 64);
  }

  void read_perceptron() {
    auto& block = shape.block;
    block.hidden = side_of("blocks.0.mlp.fc2.weight", 1);
    if (has("blocks.0.mlp.norm.weight")) names.block.hidden_norm = "mlp.norm";
    block.gated = has("blocks.0.mlp.fc1_g.weight") || side_of("blocks.0.mlp.fc1.weight", 0) == 2 * block.hidden;
    if (!block.gated) return;
    block.activation = "silu";
    names.block.gate = "mlp.fc1_g";
    names.block.enter = "mlp.fc1_x";
    names.block.leave = "mlp.fc2";
    if (!has("blocks.0.mlp.fc1_g.weight")) names.block.gate_and_enter = "mlp.fc1";
  }

  void read_scales() {
    const bool is_vit = has("blocks.0.ls1.gamma");
    if (!is_vit && !has("blocks.0.gamma_1")) return;
    names.block.scale1 = is_vit ? "ls1.gamma" : "gamma_1";
    names.block.scale2 = is_vit ? "ls2.gamma" : "gamma_2";
  }

  /// Query, key and value are one tensor, with one bias or with two, or three.
  void read_attention() {
    auto& biases = shape.block.biases;
    auto& block = names.block;
    if (has("blocks.0.attn.norm.weight")) block.attended_norm = "attn.norm";
    if (has("blocks.0.attn.q_proj.weight")) {
      block.query = "attn.q_proj";
      block.key = "attn.k_proj";
      block.value = "attn.v_proj";
      biases.query = has("blocks.0.attn.q_proj.bias");
      biases.key = has("blocks.0.attn.k_proj.bias");
      biases.value = has("blocks.0.attn.v_proj.bias");
      return;
    }
    block.joined_weight = "attn.qkv.weight";
    if (has("blocks.0.attn.q_bias")) {
      block.query_bias = "attn.q_bias";
      block.value_bias = "attn.v_bias";
      biases.key = false;
    } else {
      block.joined_bias = "attn.qkv.bias";
      biases.query = biases.key = biases.value = has("blocks.0.attn.qkv.bias");
    }
  }

  void read_block() {
    auto& block = shape.block;
    block.width = side_of("patch_embed.proj.weight", 0);
    block.heads = heads();
    if (block.width % block.heads != 0)
      settings_.refuse(key_,
                       fmt::format("is \"{}\", whose {} heads do not divide the width of {}", printable(name()),
                                   block.heads, block.width),
                       "use the configuration and the weights of one network");
    block.epsilon = known_.epsilon;
    block.activation = known_.activation;
    read_perceptron();
    read_scales();
    read_attention();
  }

  /// Positions per side, with or without one of the class token.
  void read_positions() {
    const auto count = side_of("pos_embed", 1);
    const auto root = [](std::int64_t number) { return std::int64_t(std::llround(std::sqrt(double(number)))); };
    const auto is_square = [&](std::int64_t number) { return number > 0 && root(number) * root(number) == number; };
    shape.class_position = names.class_token != nullptr && !is_square(count);
    const auto patches = count - (shape.class_position ? 1 : 0);
    if (!is_square(patches) || (shape.class_position && shape.registers > 0))
      settings_.refuse(
          key_,
          fmt::format("is \"{}\", but its {} positions are not those of a square of patches", printable(name()), count),
          build_in_python);
    names.positions = "pos_embed";
    shape.side = root(patches);
    if (request_.side / shape.patch == shape.side) return;
    settings_.refuse(
        key_,
        fmt::format("is \"{0}\" with positions for {1} x {1} patches of {2}, but images of {3} x {3} have {4} x {4}",
                    printable(name()), shape.side, shape.patch, request_.side, request_.side / shape.patch),
        "use the configuration and the weights of one network");
  }

  void read_rotary() {
    const auto head = shape.block.width / shape.block.heads;
    if (head % 4 != 0)
      settings_.refuse(key_, fmt::format("has heads of {}; rotary positions need a multiple of 4", head),
                       "use the configuration and the weights of one network");
    shape.block.rotary = known_.pairs_halves ? Rotary::halves : Rotary::neighbours;
    shape.rotary = known_.rotary;
    shape.rotary->head = head;
    shape.rotary->front = shape.registers + (names.class_token != nullptr ? 1 : 0);
  }

  void read_tokens() {
    if (has("cls_token")) names.class_token = "cls_token";
    if (has("reg_token")) {
      names.registers = "reg_token";
      shape.registers = side_of("reg_token", 1);
    }
    if (has("pos_embed") || known_.has_positions) read_positions();
    if (known_.rotary) read_rotary();
    for (const auto* computed : {"rope.periods", "rope.bands", "mask_token"})
      checkpoint_.ignore(request_.prefix + computed);
  }

  void read_pool() {
    const auto pool = request_.pool.empty() ? std::string(known_.pool) : request_.pool;
    if (has("fc_norm.weight")) names.norm = "fc_norm";
    if (pool == "map") {
      shape.pooled = Pooled::attention;
      pool_heads = known_.pool_heads > 0 ? known_.pool_heads : shape.block.heads;
    } else if (pool == "avg") {
      shape.pooled = has("fc_norm.weight") ? Pooled::normalised_mean : Pooled::mean;
    } else if (pool != "token" || names.class_token == nullptr) {
      settings_.refuse(key_,
                       fmt::format("is \"{}\" with the pool \"{}\", but matcher has map, avg, and token where there is "
                                   "a class token",
                                   printable(name()), printable(pool)),
                       build_in_python);
    }
  }

  Checkpoint& checkpoint_;
  const Settings& settings_;
  std::string key_;
  const TrunkRequest& request_;
  TrunkName known_;
};

constexpr PoolNames pool_names{
    .probe = "latent", .query = "q", .key_and_value = "kv", .output = "proj", .norm = "norm"};

void add_pool(Checkpoint& checkpoint, const std::string& prefix, const Reader& reader, Blueprint& network) {
  const auto& block = reader.shape.block;
  const auto sides = checkpoint.shape(prefix + "mlp.fc1.weight");
  // PE-Core's pool has the exact GELU, like its blocks.
  const PoolShape pool{block.width, reader.pool_heads, sides.empty() ? 4 * block.width : sides[0], block.epsilon,
                       block.activation};
  add_pool(checkpoint, prefix, pool, pool_names, network);
}

}  // namespace

VisionShape add_trunk(Checkpoint& checkpoint, const Settings& settings, const std::string& key,
                      const TrunkRequest& request, const std::optional<Projection>& projection, Blueprint& network) {
  Reader reader(checkpoint, settings, key, request);
  reader.read();
  if (reader.shape.pooled == Pooled::attention) add_pool(checkpoint, request.prefix + "attn_pool.", reader, network);
  add_vision(checkpoint, request.prefix, reader.shape, reader.names, projection, network);
  return reader.shape;
}

bool takes_any_size(const VisionShape& shape) { return shape.side == 0; }

}  // namespace matcher::model
