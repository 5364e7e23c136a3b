// Knows the settings of timm's architectures that their tensors do not show, by name. Reference: timm's
// vision_transformer.py and eva.py.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "matcher/model/blocks/rotary.hpp"

namespace matcher::model {

struct TrunkName {
  std::int64_t heads = 0;  ///< 0: of 64 numbers each
  const char* activation = "gelu";
  double epsilon = 1e-6;
  const char* pool = "token";           ///< "token", "avg" or "map"
  std::int64_t pool_heads = 0;          ///< an attention pool has; 0: as the blocks
  bool pairs_halves = false;            ///< how rotary positions pair a head's numbers; false: neighbours
  std::optional<RotaryShape> rotary{};  ///< without `head` and `front`
  bool has_positions = true;            ///< learned ones
};

/// Returns nothing for an architecture that matcher does not build.
std::optional<TrunkName> read_trunk_name(std::string_view architecture);

}  // namespace matcher::model
