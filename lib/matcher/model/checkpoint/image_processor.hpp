// Reads the image processor of a Hugging Face checkpoint.
#pragma once

#include <filesystem>

#include "matcher/image/preprocess.hpp"
#include "matcher/model/checkpoint/config_file.hpp"

namespace matcher::model {

/// The file with the processor's settings: preprocessor_config.json, or processor_config.json, which newer checkpoints
/// have instead.
std::filesystem::path find_processor_file(const std::filesystem::path& folder);

/// The steps of a processor whose settings do not mention them.
struct ProcessorDefaults {
  image::Filter filter;
};

/// Reads the steps of a processor. Throws Error(input) with the key that matcher cannot follow.
image::Preprocess read_image_processor(const Settings& settings, const ProcessorDefaults& defaults);

/// Finds and reads the settings of the processor in a checkpoint's folder, then its steps. Throws Error(input).
image::Preprocess read_image_processor(const std::filesystem::path& folder, const ProcessorDefaults& defaults);

}  // namespace matcher::model
