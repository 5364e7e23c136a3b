// The folders in which models and datasets are found by name.
#pragma once

#include <filesystem>
#include <vector>

namespace matcher::config {

/// Folders in the order in which they are searched; only those that exist, each once, absolute.
struct Places {
  std::filesystem::path workdir;  ///< as given; it may not exist yet
  std::vector<std::filesystem::path> model_folders;
  std::vector<std::filesystem::path> dataset_folders;
};

/// Models: `models` of the work folder, the folders of $MATCHER_MODELS, ./configs/models, configs/models of the share
/// folders. Datasets: `datasets` of the work folder, the folders of $MATCHER_DATASETS, ./datasets, datasets of the
/// share folders.
Places find_places(const std::filesystem::path& workdir);

/// What came with the program: share/matcher beside the folder of the executable, then, where it exists, the source
/// tree. Each has `configs` and `datasets`.
std::vector<std::filesystem::path> share_folders();

}  // namespace matcher::config
