// The text tower of open_clip, and its tokenizer.
#pragma once

#include "matcher/model/families/families.hpp"

namespace matcher::model::open_clip {

/// Adds the tower that "text_cfg" describes, if the checkpoint has one that matcher builds. `quick`: "quick_gelu".
void add_text_tower(Checkpoint& checkpoint, const Settings& text, bool quick, Architecture& architecture);

}  // namespace matcher::model::open_clip
