// Reads the image processor of a Hugging Face checkpoint, as AutoImageProcessor of transformers 5 over Pillow does.
#pragma once

#include <filesystem>
#include <string>

#include "matcher/image/preprocess.hpp"
#include "matcher/model/checkpoint/checkpoint.hpp"

namespace matcher::model {

/// The file with the processor's settings: processor_config.json if it has an image processor, otherwise
/// preprocessor_config.json. Throws Error(input) if processor_config.json is damaged.
std::filesystem::path find_processor_file(const std::filesystem::path& folder);

/// Reads the steps of a processor. Keys that are missing have the defaults of its class, which is `fallback` if the
/// settings name none. Throws Error(input) with the key that matcher cannot follow, or that is missing although the
/// class has no known default.
image::Preprocess read_image_processor(const Settings& settings, const std::string& fallback);

/// Finds and reads the settings of a checkpoint's processor, then its steps. Throws Error(input).
image::Preprocess read_image_processor(const Checkpoint& checkpoint, const std::string& fallback);

}  // namespace matcher::model
