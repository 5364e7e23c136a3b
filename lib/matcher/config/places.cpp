#include "matcher/config/places.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <string>

#include "matcher/core/names.hpp"
#include "matcher/files/hash.hpp"
#include "matcher/files/paths.hpp"

namespace matcher::config {
namespace fs = std::filesystem;
namespace {

constexpr const char* work_folder_name = "matcher-work";

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

/// A kind of folder that belongs to the user; see the XDG Base Directory Specification.
struct UserFolder {
  const char* variable;
  const char* in_home;  ///< relative to $HOME, if the variable is unset or not absolute
};
constexpr UserFolder state_folder{"XDG_STATE_HOME", ".local/state"};
constexpr UserFolder data_folder{"XDG_DATA_HOME", ".local/share"};
constexpr UserFolder cache_folder{"XDG_CACHE_HOME", ".cache"};

fs::path absolute_in(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value == '/' ? fs::path(value) : fs::path();
}

/// matcher's folder of a kind; "" without a home folder.
fs::path find_user_folder(const UserFolder& kind) {
  if (const auto named = absolute_in(kind.variable); !named.empty()) return named / "matcher";
  const auto home = absolute_in("HOME");
  return home.empty() ? fs::path() : home / kind.in_home / "matcher";
}

/// True if this user may write into the folder, or make it.
bool is_writable(fs::path folder) {
  while (!path_exists(folder) && folder.has_relative_path()) folder = folder.parent_path();
  return is_folder(folder) && ::access(folder.c_str(), W_OK) == 0;
}

/// A name for what belongs to the current folder, so that results of two folders never meet: "shop-1a2b3c4d". "" if the
/// current folder was removed.
std::string name_current_folder() {
  std::error_code failed;
  const auto here = fs::current_path(failed);
  if (failed) return {};
  const auto name = here.filename().empty() ? std::string("root") : here.filename().string();
  return fmt::format("{}-{}", file_name_of(name), Hasher().field(here.string()).hex().substr(0, 8));
}

std::string state_origin() {
  return absolute_in(state_folder.variable).empty() ? "default" : fmt::format("${}", state_folder.variable);
}

/// Lists `kind` of the work folder, the folders of $variable, `kind` of the user, `shipped` of the current folder and
/// of the share folders.
std::vector<fs::path> search_path(const fs::path& own, const char* variable, const char* kind,
                                  const fs::path& shipped) {
  std::vector<fs::path> folders;
  add(folders, own);
  for (const auto& folder : folders_in(variable)) add(folders, folder);
  if (const auto user = find_user_folder(data_folder); !user.empty()) add(folders, user / kind);
  add(folders, shipped);
  for (const auto& share : share_folders()) add(folders, share / shipped);
  return folders;
}

}  // namespace

WorkFolders folders_inside(const fs::path& workdir) {
  return {workdir, workdir / "models", workdir / "cache", workdir / "known-models", {}};
}

WorkFolders find_work_folders(const fs::path& named) {
  if (!named.empty()) return folders_inside(named);
  auto here = folders_inside(work_folder_name);
  here.origin = fmt::format("./{} exists", work_folder_name);
  if (path_exists(work_folder_name)) return here;
  const auto state = find_user_folder(state_folder), data = find_user_folder(data_folder),
             cache = find_user_folder(cache_folder);
  const auto name = name_current_folder();
  here.origin = name.empty() ? "the current folder was removed" : "$HOME is not set";
  if (name.empty() || state.empty() || data.empty() || cache.empty()) return here;
  for (const auto& folder : {state, data, cache}) {
    here.origin = fmt::format("{} is not writable", folder.string());
    if (!is_writable(folder)) return here;
  }
  return {state / "work" / name, data / "models", cache / "vectors", cache / "known-models", state_origin()};
}

Places find_places(const WorkFolders& own) {
  return {own, search_path(own.models, "MATCHER_MODELS", "models", "configs/models"),
          search_path(own.work / "datasets", "MATCHER_DATASETS", "datasets", "datasets")};
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
