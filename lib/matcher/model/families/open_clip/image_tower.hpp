// The image towers of open_clip: its own class, and networks of timm.
#pragma once

#include "matcher/model/blocks/vision.hpp"

namespace matcher::model::open_clip {

/// Side of an image, pixels.
std::int64_t read_side(const Settings& vision);

/// Adds the tower that "vision_cfg" describes, for vectors of `dimension`. `quick`: "quick_gelu". Returns its shape.
VisionShape add_image_tower(Checkpoint& checkpoint, const Settings& vision, bool quick, std::int64_t dimension,
                            Blueprint& network);

}  // namespace matcher::model::open_clip
