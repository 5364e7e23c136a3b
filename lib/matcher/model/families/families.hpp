// The architectures that matcher builds from a checkpoint. Reference: transformers' modeling_dinov2.py,
// modeling_dinov2_with_registers.py and modeling_clip.py, whose tensor names and defaults these are. Private to this
// layer.
#pragma once

#include "matcher/model/checkpoint/checkpoint.hpp"
#include "matcher/model/network/blueprint.hpp"

namespace matcher::model {

/// A network that was read from a checkpoint: `forward(pictures)`, and `encode_text(ids: [n, t])` where it has a text
/// tower, with t as long as `text_positions`.
struct Architecture {
  std::string family;   ///< "dinov2" or "clip"
  std::string summary;  ///< for people: "24 layers of 1024, patches of 14"
  int dimension = 0;
  int patch = 0;       ///< side of the squares that a picture is cut into
  int fixed_side = 0;  ///< the only size of picture that it takes, 0 when it takes any
  Blueprint network;
  bool has_text = false;
  int vocabulary = 0;          ///< tokens that the text tower knows
  std::int64_t end_token = 0;  ///< where a text's vector is taken; 0: at the token with the largest number
};

/// By `model_type` in config.json. Throws Error(input) for another one, and for tensors that do not fit.
Architecture read_architecture(Checkpoint& checkpoint);

Architecture read_dinov2(Checkpoint& checkpoint, bool with_registers);
Architecture read_clip(Checkpoint& checkpoint);

}  // namespace matcher::model
