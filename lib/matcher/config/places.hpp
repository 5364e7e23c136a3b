// Lists the folders in which models and datasets are found by name.
#pragma once

#include <filesystem>
#include <vector>

namespace matcher::config {

/// Folders in search order: those that exist, each once, absolute.
struct Places {
  std::filesystem::path workdir;  ///< as given; may not exist yet
  std::vector<std::filesystem::path> model_folders;
  std::vector<std::filesystem::path> dataset_folders;
};

/// Finds the folders of models: `models` of the work folder, $MATCHER_MODELS, ./configs/models, configs/models of the
/// share folders; and of datasets: `datasets` of the work folder, $MATCHER_DATASETS, ./datasets, datasets of the share
/// folders.
Places find_places(const std::filesystem::path& workdir);

/// Finds the folders that came with the program: share/matcher beside the folder of the executable, then the source
/// tree if it exists. Each has `configs` and `datasets`.
std::vector<std::filesystem::path> share_folders();

}  // namespace matcher::config
