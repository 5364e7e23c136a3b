#include "matcher/model/families/trunk_name.hpp"

#include <algorithm>
#include <array>

namespace matcher::model {
namespace {

using Name = std::string_view;

bool contains(Name text, Name part) { return text.find(part) != Name::npos; }

template <std::size_t n>
bool contains_any(Name text, const std::array<const char*, n>& parts) {
  return std::ranges::any_of(parts, [&](const char* part) { return contains(text, part); });
}

/// Parts of names of networks that are built otherwise.
constexpr std::array others{"relpos",   "_rope",    "_pe_lang", "_pe_spatial", "_hiera", "_xp_",
                            "parallel", "_dwee",    "_rmlp",    "_rpn",        "_ls_",   "_wee_",
                            "_intern",  "_srelpos", "enormous", "_tipsv2",     "_radio"};

struct Heads {
  const char* size;  ///< begin of the name, after its kind
  std::int64_t count;
};
constexpr std::array heads_of_sizes{
    Heads{"tiny", 3},   Heads{"xsmall", 4},  Heads{"small", 6},      Heads{"medium", 8}, Heads{"betwixt", 10},
    Heads{"base", 12},  Heads{"large", 16},  Heads{"huge_plus", 20}, Heads{"huge", 16},  Heads{"gigantic", 16},
    Heads{"giant", 16}, Heads{"so400m", 16}, Heads{"7b", 32}};

/// Returns 0 for an unknown size.
std::int64_t heads_of(Name size) {
  if (size.starts_with("base") && contains(size, "_plus_")) return 14;
  const auto* found =
      std::ranges::find_if(heads_of_sizes, [&](const Heads& heads) { return size.starts_with(heads.size); });
  return found == heads_of_sizes.end() ? 0 : found->count;
}

/// SigLIP's first networks were published with the exact GELU, though they were trained with the other.
bool is_tanh(Name name) {
  const bool large_512 = contains(name, "large_patch16_siglip") && contains(name, "_512");
  return large_512 || contains_any(name, std::array{"patch32", "giantopt", "so400m_patch16"});
}

void read_siglip(Name name, TrunkName& trunk) {
  trunk.pool = contains(name, "_gap_") ? "avg" : "map";
  if (is_tanh(name)) trunk.activation = "gelu_pytorch_tanh";
}

/// The rotary positions of PE-Core have the grid for which a size was made. The largest has no class token, after which
/// the others count.
void read_perception(Name name, TrunkName& trunk) {
  const bool largest = contains(name, "gigantic");
  trunk.pool = "map";
  trunk.pool_heads = 8;
  trunk.epsilon = 1e-5;
  trunk.rotary = RotaryShape{.theta = 10000,
                             .coordinates = Coordinates::patches,
                             .offset = largest ? 0.0 : 1.0,
                             .reference_side = largest                  ? 32
                                               : contains(name, "base") ? 14
                                                                        : 24,
                             .column_first = true};
}

void read_dinov3(Name, TrunkName& trunk) {
  trunk.pool = "avg";
  trunk.epsilon = 1e-5;
  trunk.rotary = RotaryShape{};
  trunk.pairs_halves = true;
  trunk.has_positions = false;
}

void read_dinov2(Name name, TrunkName& trunk) {
  if (contains(name, "giant")) trunk.heads = 24;
}

void read_clip(Name, TrunkName& trunk) { trunk.epsilon = 1e-5; }

void read_eva(Name name, TrunkName& trunk) {
  trunk.pool = contains(name, "_clip_") ? "token" : "avg";
  if (!name.starts_with("eva02_")) return;
  trunk.rotary = RotaryShape{.theta = 10000, .coordinates = Coordinates::patches, .reference_side = 16};
}

struct Kind {
  const char* begin;
  const char* part;
  void (*read)(Name, TrunkName&);
};
/// The first that fits is taken; the size follows the begin.
constexpr std::array kinds{Kind{"vit_pe_core_", "", read_perception}, Kind{"vit_", "_siglip_", read_siglip},
                           Kind{"vit_", "_dinov3", read_dinov3},      Kind{"vit_", "_dinov2", read_dinov2},
                           Kind{"vit_", "_clip_", read_clip},         Kind{"vit_", "_patch", [](Name, TrunkName&) {}},
                           Kind{"eva02_", "_patch", read_eva},        Kind{"eva_", "_patch", read_eva}};

}  // namespace

std::optional<TrunkName> read_trunk_name(std::string_view name) {
  const auto* kind = std::ranges::find_if(
      kinds, [&](const Kind& known) { return name.starts_with(known.begin) && contains(name, known.part); });
  const bool is_other = contains_any(name, others) || (contains(name, "_gap_") && !contains(name, "_siglip_gap_"));
  if (kind == kinds.end() || is_other) return std::nullopt;
  TrunkName trunk;
  trunk.heads = heads_of(name.substr(Name(kind->begin).size()));
  if (trunk.heads == 0) return std::nullopt;
  if (contains(name, "quickgelu")) trunk.activation = "quick_gelu";
  kind->read(name, trunk);
  return trunk;
}

}  // namespace matcher::model
