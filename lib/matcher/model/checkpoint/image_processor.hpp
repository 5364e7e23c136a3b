// The image processor of a Hugging Face checkpoint. Private to this layer.
#pragma once

#include "matcher/image/preprocess.hpp"
#include "matcher/model/checkpoint/config_file.hpp"

namespace matcher::model {

/// preprocessor_config.json, or the part "image_processor" of processor_config.json, which newer checkpoints have
/// instead. Throws Error(input) as read_settings does.
Settings read_processor_settings(const std::filesystem::path& folder);

/// Its steps. Throws Error(input) naming the key that matcher cannot follow.
image::Preprocess read_processor(const Settings& settings);

}  // namespace matcher::model
