#include "matcher/dataset/formats/splits.hpp"

#include <algorithm>

#include "matcher/core/text.hpp"
#include "matcher/files/paths.hpp"

namespace matcher::dataset {
namespace {

using Names = std::vector<std::string>;

bool has(const Names& names, const std::string& split) {
  return std::find(names.begin(), names.end(), lower_case(split)) != names.end();
}

bool is_gallery_split(const std::string& split) { return has({"gallery", "train"}, split); }

Names folders_where(const std::filesystem::path& root, bool (*wanted)(const std::string&)) {
  Names found;
  for (const auto& entry : list_folder(root))
    if (const auto name = entry.filename().string(); wanted(name) && is_folder(entry)) found.push_back(name);
  return found;
}

}  // namespace

bool is_query_split(const std::string& split) { return has({"queries", "query", "test"}, split); }

Names split_folders(const std::filesystem::path& root) {
  auto folders = folders_where(root, is_gallery_split);
  const auto queries = folders_where(root, is_query_split);
  if (folders.empty() || queries.empty()) return {"."};
  folders.insert(folders.end(), queries.begin(), queries.end());
  return folders;
}

}  // namespace matcher::dataset
