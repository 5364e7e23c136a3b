// Vision transformers in timm's names, alone or as a tower of open_clip. Their tensors say almost everything; the rest
// is in the name of the architecture. Reference: timm's vision_transformer.py and eva.py.
#pragma once

#include <string>

#include "matcher/model/blocks/vision.hpp"

namespace matcher::model {

struct TrunkRequest {
  std::string architecture;  ///< "vit_base_patch16_siglip_224"
  std::string prefix;        ///< begin of the tensors' names: "visual.trunk."
  std::string pool;          ///< "token", "avg" or "map"; "": the architecture's own
  std::int64_t side = 0;     ///< side of an image, pixels
  std::int64_t heads = 0;    ///< 0: the architecture's own
};

/// Adds the trunk, with a projection if there is one. Returns its shape. Throws Error(input), which names `settings`
/// and `key`, for an architecture that matcher does not build, and for tensors that do not fit it.
VisionShape add_trunk(Checkpoint& checkpoint, const Settings& settings, const std::string& key,
                      const TrunkRequest& request, const std::optional<Projection>& projection, Blueprint& network);

/// True if the trunk takes images of any size: it has no learned positions.
bool takes_any_size(const VisionShape& shape);

}  // namespace matcher::model
