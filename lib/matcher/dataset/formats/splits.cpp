#include "matcher/dataset/formats/splits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "matcher/core/error.hpp"
#include "matcher/core/text.hpp"
#include "matcher/dataset/folder_walk.hpp"

namespace matcher::dataset {
namespace {

namespace fs = std::filesystem;

struct Name {
  std::string_view name;
  UsualSplit split;
};

constexpr std::array names{
    Name{"gallery", {Role::gallery, 1}}, Name{"index", {Role::gallery, 1}}, Name{"train", {Role::gallery, 2}},
    Name{"queries", {Role::queries, 1}}, Name{"query", {Role::queries, 1}}, Name{"probe", {Role::queries, 1}},
    Name{"test", {Role::queries, 2}},    Name{"val", {Role::queries, 3}},   Name{"validation", {Role::queries, 3}}};

/// The folders in a folder, sorted; not its files, which may be many.
std::vector<std::string> list_folders(const fs::path& root) {
  std::vector<std::string> found;
  std::error_code error, ignored;
  for (fs::directory_iterator it(root, error), end; !error && it != end; it.increment(error))
    if (it->is_directory(ignored)) found.push_back(it->path().filename().string());
  if (error)
    throw Error(ErrorCode::input, fmt::format("cannot read the folder \"{}\": {}", root.string(), error.message()));
  std::ranges::sort(found);
  return found;
}

std::vector<std::string> folders_of(const std::vector<std::string>& folders, Role role) {
  std::vector<std::string> found;
  std::ranges::copy_if(folders, std::back_inserter(found), [&](const auto& folder) {
    const auto split = find_usual_split(folder);
    return split && split->role == role;
  });
  return found;
}

/// Refuses a folder whose images would be left out silently.
void check_others(const fs::path& root, const std::vector<std::string>& folders, const std::string& known) {
  for (const auto& folder : folders) {
    if (is_ignored_folder(folder) || find_usual_split(folder) || !has_images(root / folder)) continue;
    throw Error(ErrorCode::input,
                fmt::format("\"{}\" has images beside the split \"{}\", but its name is not one of a split. Use {}, or "
                            "list the folders in a dataset.yaml",
                            (root / folder).string(), known, describe_usual_splits()));
  }
}

}  // namespace

std::optional<UsualSplit> find_usual_split(std::string_view split) {
  const auto lower = lower_case(split);
  const auto found = std::ranges::find(names, lower, &Name::name);
  return found == names.end() ? std::nullopt : std::optional(found->split);
}

std::string describe_usual_splits() {
  return "gallery, index or train for the gallery, and queries, query, probe, test, val or validation for the queries";
}

std::vector<std::string> split_folders(const fs::path& root) {
  const auto all = list_folders(root);
  auto folders = folders_of(all, Role::gallery);
  const auto queries = folders_of(all, Role::queries);
  if (folders.empty() || queries.empty()) return {"."};
  check_others(root, all, folders.front());
  folders.insert(folders.end(), queries.begin(), queries.end());
  return folders;
}

}  // namespace matcher::dataset
