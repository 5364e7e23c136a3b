// Reads how timm and open_clip prepare images. Reference: timm's data/transforms_factory.py, open_clip's transform.py.
#pragma once

#include "matcher/image/preprocess.hpp"
#include "matcher/model/checkpoint/config_file.hpp"

namespace matcher::model {

/// Returns "pretrained_cfg" of a timm network's config.json; old files have its keys at the top.
Settings timm_settings(const Settings& config);

/// Reads "input_size", [3, height, width]. Throws Error(input).
image::Size read_timm_size(const Settings& settings);

/// Reads the keys of "pretrained_cfg". Throws Error(input) for a step that matcher does not know.
image::Preprocess read_timm_processor(const Settings& settings);

/// Reads the keys of "preprocess_cfg" of open_clip, for a network of images of this size. Throws Error(input).
image::Preprocess read_open_clip_processor(const Settings& settings, image::Size size);

}  // namespace matcher::model
