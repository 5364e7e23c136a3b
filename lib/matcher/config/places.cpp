#include "matcher/config/places.hpp"

#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <string>

#include "matcher/files/paths.hpp"

namespace matcher::config {
namespace fs = std::filesystem;
namespace {

std::vector<fs::path> folders_in(const char* variable) {
  std::vector<fs::path> folders;
  const char* value = std::getenv(variable);
  std::istringstream in(value ? value : "");
  for (std::string folder; std::getline(in, folder, ':');) {
    if (!folder.empty()) folders.emplace_back(folder);
  }
  return folders;
}

void add(std::vector<fs::path>& folders, const fs::path& folder) {
  if (!is_folder(folder)) return;
  const auto whole = absolute_path(folder);
  if (std::find(folders.begin(), folders.end(), whole) == folders.end()) folders.push_back(whole);
}

/// Lists `own` of the work folder, the folders of $variable, `shipped` of the current folder and of the share folders.
std::vector<fs::path> search_path(const fs::path& own, const char* variable, const fs::path& shipped) {
  std::vector<fs::path> folders;
  add(folders, own);
  for (const auto& folder : folders_in(variable)) add(folders, folder);
  add(folders, shipped);
  for (const auto& share : share_folders()) add(folders, share / shipped);
  return folders;
}

}  // namespace

Places find_places(const fs::path& workdir) {
  return {workdir, search_path(workdir / "models", "MATCHER_MODELS", "configs/models"),
          search_path(workdir / "datasets", "MATCHER_DATASETS", "datasets")};
}

std::vector<fs::path> share_folders() {
  std::vector<fs::path> folders;
  const auto program = program_file();
  if (!program.empty()) add(folders, program.parent_path() / "../share/matcher");
#ifdef MATCHER_SOURCE_DIR
  add(folders, MATCHER_SOURCE_DIR);
#endif
  return folders;
}

}  // namespace matcher::config
