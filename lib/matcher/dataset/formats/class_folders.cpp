#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "matcher/core/error.hpp"
#include "matcher/core/file.hpp"
#include "matcher/dataset/formats/formats.hpp"

namespace matcher::dataset {
namespace {

bool is_hidden(const fs::path& path) { return path.filename().string().starts_with('.'); }

/// Follows links to folders, so a dataset may be put together from links.
std::vector<fs::path> pictures_under(const fs::path& folder) {
  std::vector<fs::path> pictures;
  fs::recursive_directory_iterator it(folder, fs::directory_options::follow_directory_symlink);
  for (; it != fs::recursive_directory_iterator(); ++it) {
    if (it->is_directory()) {
      if (is_hidden(it->path())) it.disable_recursion_pending();
    } else if (is_picture(it->path()) && !is_hidden(it->path())) {
      pictures.push_back(it->path().lexically_relative(folder));
    }
  }
  std::sort(pictures.begin(), pictures.end());
  return pictures;
}

std::vector<fs::path> pictures_or_fail(const fs::path& folder) try {
  auto pictures = pictures_under(folder);
  if (!pictures.empty()) return pictures;
  throw Error(ErrorCode::input,
              fmt::format("no photo (jpg, jpeg, png, webp, bmp, tif, tiff) lies under {}", folder.string()));
} catch (const fs::filesystem_error& error) {
  throw Error(ErrorCode::input, fmt::format("cannot read the folder {}: {}", folder.string(), error.code().message()));
}

}  // namespace

bool is_picture(const fs::path& path) {
  constexpr std::array extensions{".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff"};
  auto extension = path.extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  return std::find(extensions.begin(), extensions.end(), extension) != extensions.end();
}

std::vector<LocatedItem> read_class_folders(const Source& source, const fs::path& root) {
  const auto folder = (root / source.folder).lexically_normal();
  std::vector<LocatedItem> items;
  for (const auto& picture : pictures_or_fail(folder)) {
    Item item;
    item.path = (folder / picture).string();
    item.id = (source.folder / picture).lexically_normal().generic_string();
    item.label = picture.parent_path().filename().string();
    item.split = source.split;
    items.push_back({item, item.path});
  }
  return items;
}

}  // namespace matcher::dataset
