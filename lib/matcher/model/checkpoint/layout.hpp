// Finds the files of a checkpoint in a folder: of transformers, timm, open_clip or sentence-transformers.
#pragma once

#include <filesystem>

namespace matcher::model {

struct CheckpointFiles {
  std::filesystem::path folder;   ///< with the files of the image processor and the tokenizer
  std::filesystem::path config;   ///< config.json or open_clip_config.json
  std::filesystem::path weights;  ///< a safetensors file, or the index of several
};

/// A folder can hold two forms of one network, as on the hub: open_clip's is taken if it has a text tower and the other
/// does not. Throws Error(input) with the next step for a folder without weights that matcher opens.
CheckpointFiles find_checkpoint(const std::filesystem::path& folder);

}  // namespace matcher::model
