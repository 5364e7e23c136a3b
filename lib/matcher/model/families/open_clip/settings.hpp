// Reads the settings of "model_cfg" that both towers of open_clip's own classes have.
#pragma once

#include <initializer_list>
#include <string>

#include "matcher/model/blocks/block.hpp"

namespace matcher::model::open_clip {

using Keys = std::initializer_list<const char*>;

/// Throws Error(input) with the first key of `settings` that is neither known nor off; `where`: "vision_cfg".
void check_keys(const Settings& settings, const char* where, Keys known, Keys must_be_off = {});

/// Reads the parts that both towers have, but not the heads. The hidden width is that of the tensors: the
/// configuration's factor is rounded. `width`: the default.
BlockShape read_block_shape(const Checkpoint& checkpoint, const std::string& prefix, const Settings& settings,
                            bool quick, std::int64_t width);

/// The names of a block's tensors, with or without layer scales.
BlockNames block_names(const Settings& settings);

std::int64_t read_layers(const Settings& settings);

}  // namespace matcher::model::open_clip
