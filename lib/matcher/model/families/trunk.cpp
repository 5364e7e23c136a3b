#include "matcher/model/families/trunk.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace matcher::model {
namespace {

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

/// The kinds of architectures, by a part of their names.
enum class Kind { siglip, perception, dinov3, dinov2, clip, plain };

struct NamedKind {
  const char* part;
  Kind kind;
};
constexpr std::array named_kinds{NamedKind{"_siglip_", Kind::siglip}, NamedKind{"_pe_core_", Kind::perception},
                                 NamedKind{"_dinov3", Kind::dinov3},  NamedKind{"_dinov2", Kind::dinov2},
                                 NamedKind{"_clip_", Kind::clip},     NamedKind{"_patch", Kind::plain}};

/// Parts of names of networks that are built otherwise.
constexpr std::array others{"relpos", "_rope", "_gap_", "_pe_lang", "_pe_spatial", "_hiera",  "_xp_",    "parallel",
                            "_dwee",  "_rmlp", "_rpn",  "_ls_",     "_wee_",       "_intern", "_srelpos"};

struct Heads {
  const char* size;  ///< begin of the name, after "vit_" and the kind
  std::int64_t count;
};
constexpr std::array heads_of_sizes{Heads{"tiny", 3},      Heads{"xsmall", 8}, Heads{"small", 6},   Heads{"medium", 8},
                                    Heads{"betwixt", 10},  Heads{"base", 12},  Heads{"large", 16},  Heads{"huge", 16},
                                    Heads{"gigantic", 16}, Heads{"giant", 16}, Heads{"so400m", 16}, Heads{"7b", 32}};

class Reader {
 public:
  Reader(Checkpoint& checkpoint, const Settings& settings, std::string key, const TrunkRequest& request)
      : checkpoint_(checkpoint), settings_(settings), key_(std::move(key)), request_(request) {}

  void read() {
    kind_ = find_kind();
    read_patches();
    read_block();
    read_tokens();
    read_pool();
  }

  VisionShape shape{};
  VisionNames names{.patch = "patch_embed.proj",
                    .blocks = "blocks.",
                    .block = {.norm1 = "norm1",
                              .joined_weight = "attn.qkv.weight",
                              .joined_bias = "attn.qkv.bias",
                              .output = "attn.proj",
                              .norm2 = "norm2"},
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

  [[noreturn]] void refuse_name() const {
    settings_.refuse(key_,
                     fmt::format("is \"{}\", but of timm's networks matcher builds vision transformers: vit_*, and "
                                 "those of CLIP, SigLIP, DINOv2, DINOv3 and PE-Core",
                                 printable(name())),
                     build_in_python);
  }

  Kind find_kind() const {
    const bool is_gap_of_siglip = contains(name(), "_siglip_gap_");
    const bool is_other = std::ranges::any_of(others, [&](const char* part) {
      return contains(name(), part) && !(is_gap_of_siglip && std::string_view(part) == "_gap_");
    });
    if (!name().starts_with("vit_") || is_other) refuse_name();
    const auto* found =
        std::ranges::find_if(named_kinds, [&](const NamedKind& kind) { return contains(name(), kind.part); });
    if (found == named_kinds.end()) refuse_name();
    return found->kind;
  }

  void read_patches() {
    shape.patch = side_of("patch_embed.proj.weight", 2);
    shape.patch_bias = has("patch_embed.proj.bias");
    while (has(fmt::format("blocks.{}.norm1.weight", shape.layers))) ++shape.layers;
    if (has("norm_pre.weight")) names.norm_before = "norm_pre";
  }

  std::int64_t heads() const {
    const auto begin =
        kind_ == Kind::perception ? std::string_view("vit_pe_core_").size() : std::string_view("vit_").size();
    const auto size = std::string_view(name()).substr(begin);
    if (size.starts_with("huge_plus")) return 20;
    if (kind_ == Kind::dinov2 && size.starts_with("giant")) return 24;
    for (const auto& [known, count] : heads_of_sizes) {
      if (!size.starts_with(known)) continue;
      return kind_ == Kind::clip && count < 16 ? shape.block.width / 64 : count;
    }
    refuse_name();
  }

  /// SigLIP's first networks were published with the exact GELU, though they were trained with the other.
  bool has_tanh() const {
    const bool large_512 = contains(name(), "large_patch16_siglip") && contains(name(), "_512");
    return kind_ == Kind::siglip && (contains(name(), "patch32") || contains(name(), "giantopt") ||
                                     contains(name(), "so400m_patch16") || large_512);
  }

  const char* activation() const {
    if (contains(name(), "quickgelu")) return "quick_gelu";
    return has_tanh() ? "gelu_pytorch_tanh" : "gelu";
  }

  void read_perceptron() {
    auto& block = shape.block;
    block.hidden = side_of("blocks.0.mlp.fc2.weight", 1);
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

  void read_biases() {
    auto& biases = shape.block.biases;
    biases.query = biases.key = biases.value = has("blocks.0.attn.qkv.bias");
    if (!has("blocks.0.attn.q_bias")) return;
    biases.query = biases.value = true;
    names.block.joined_bias = nullptr;
    names.block.query_bias = "attn.q_bias";
    names.block.value_bias = "attn.v_bias";
  }

  void read_block() {
    auto& block = shape.block;
    block.width = side_of("patch_embed.proj.weight", 0);
    block.heads = heads();
    if (block.width % block.heads != 0)
      settings_.fail(key_, fmt::format("is \"{}\", whose {} heads do not divide the width of {}", printable(name()),
                                       block.heads, block.width));
    block.epsilon = kind_ == Kind::clip || kind_ == Kind::perception || kind_ == Kind::dinov3 ? 1e-5 : 1e-6;
    block.activation = activation();
    read_perceptron();
    read_scales();
    read_biases();
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

  /// Patches per side of the images that PE-Core was made for.
  std::int64_t reference_side() const {
    if (contains(name(), "gigantic")) return 32;
    return contains(name(), "base") ? 14 : 24;
  }

  void read_rotary() {
    const auto head = shape.block.width / shape.block.heads;
    const auto front = shape.registers + (names.class_token != nullptr ? 1 : 0);
    if (head % 4 != 0)
      settings_.fail(key_, fmt::format("has heads of {}; rotary positions need a multiple of 4", head));
    if (kind_ == Kind::dinov3) {
      shape.block.rotary = Rotary::halves;
      shape.rotary = RotaryShape{.head = head, .front = front};
    } else {
      shape.block.rotary = Rotary::neighbours;
      shape.rotary = RotaryShape{.head = head,
                                 .front = front,
                                 .theta = 10000,
                                 .coordinates = Coordinates::patches,
                                 .offset = names.class_token != nullptr ? 1.0 : 0.0,
                                 .reference_side = reference_side(),
                                 .column_first = true};
    }
  }

  void read_tokens() {
    if (has("cls_token")) names.class_token = "cls_token";
    if (has("reg_token")) {
      names.registers = "reg_token";
      shape.registers = side_of("reg_token", 1);
    }
    if (has("pos_embed") || kind_ != Kind::dinov3) read_positions();
    if (kind_ == Kind::dinov3 || kind_ == Kind::perception) read_rotary();
    for (const auto* computed : {"rope.periods", "rope.bands", "mask_token"})
      checkpoint_.ignore(request_.prefix + computed);
  }

  std::string pool_name() const {
    if (!request_.pool.empty()) return request_.pool;
    if (contains(name(), "_gap_") || kind_ == Kind::dinov3) return "avg";
    return kind_ == Kind::siglip || kind_ == Kind::perception ? "map" : "token";
  }

  void read_pool() {
    const auto pool = pool_name();
    if (pool == "map") {
      shape.pooled = Pooled::attention;
      pool_heads = kind_ == Kind::perception ? 8 : shape.block.heads;
    } else if (pool == "avg") {
      shape.pooled = has("fc_norm.weight") ? Pooled::normalised_mean : Pooled::mean;
      if (has("fc_norm.weight")) names.norm = "fc_norm";
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
  Kind kind_ = Kind::plain;
};

constexpr PoolNames pool_names{
    .probe = "latent", .query = "q", .key_and_value = "kv", .output = "proj", .norm = "norm"};

}  // namespace

VisionShape add_trunk(Checkpoint& checkpoint, const Settings& settings, const std::string& key,
                      const TrunkRequest& request, const std::optional<Projection>& projection, Blueprint& network) {
  Reader reader(checkpoint, settings, key, request);
  reader.read();
  const auto& block = reader.shape.block;
  if (reader.shape.pooled == Pooled::attention) {
    const auto prefix = request.prefix + "attn_pool.";
    const auto sides = checkpoint.shape(prefix + "mlp.fc1.weight");
    // PE-Core's pool has the exact GELU, like its blocks.
    add_pool(
        checkpoint, prefix,
        {block.width, reader.pool_heads, sides.empty() ? 4 * block.width : sides[0], block.epsilon, block.activation},
        pool_names, network);
  }
  add_vision(checkpoint, request.prefix, reader.shape, reader.names, projection, network);
  return reader.shape;
}

bool takes_any_size(const VisionShape& shape) { return shape.side == 0; }

}  // namespace matcher::model
