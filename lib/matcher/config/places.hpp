// Finds the folders that matcher writes to, and those in which models and datasets are found by name.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace matcher::config {

/// Folders that matcher writes to. They may not exist yet.
struct WorkFolders {
  std::filesystem::path work;          ///< embeddings and runs
  std::filesystem::path models;        ///< exported and adapted models
  std::filesystem::path cache;         ///< vectors
  std::filesystem::path known_models;  ///< hashes of model files, and networks tried on this machine
  std::string origin;                  ///< why these: "./matcher-work exists", "$XDG_STATE_HOME"; "": named
};

/// The folders inside a work folder.
WorkFolders folders_inside(const std::filesystem::path& workdir);

/// Finds the folders: inside `named` unless it is empty; inside ./matcher-work if that exists; otherwise in the user's
/// folders: $XDG_STATE_HOME/matcher, with a folder per current folder, $XDG_DATA_HOME/matcher and
/// $XDG_CACHE_HOME/matcher (~/.local/state, ~/.local/share and ~/.cache if a variable is unset or not absolute).
/// Without a home folder, or if it is not writable: inside ./matcher-work.
WorkFolders find_work_folders(const std::filesystem::path& named);

/// Folders in search order: those that exist, each once, absolute.
struct Places {
  WorkFolders own;
  std::vector<std::filesystem::path> model_folders;
  std::vector<std::filesystem::path> dataset_folders;
};

/// Finds the folders of models: the own one, $MATCHER_MODELS, $XDG_DATA_HOME/matcher/models,
/// ./configs/models, configs/models of the share folders; and of datasets: `datasets` of the work folder,
/// $MATCHER_DATASETS, $XDG_DATA_HOME/matcher/datasets, ./datasets, datasets of the share folders.
Places find_places(const WorkFolders& own);

/// Finds the folders that came with the program: share/matcher beside the folder of the executable, then the source
/// tree if it exists. Each has `configs` and `datasets`.
std::vector<std::filesystem::path> share_folders();

}  // namespace matcher::config
