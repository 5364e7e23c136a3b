// Class folders: images anywhere under a folder. The label is the folder that directly holds the image; it is "" for
// images in the source folder itself. Names that begin with a dot are skipped.
#include <fmt/format.h>

#include <algorithm>

#include "matcher/core/error.hpp"
#include "matcher/core/file.hpp"
#include "matcher/dataset/formats/formats.hpp"

namespace matcher::dataset {
namespace {

bool is_hidden(const fs::path& path) { return path.filename().string().starts_with('.'); }

/// Follows links to folders, so links may make up a dataset.
std::vector<fs::path> images_under(const fs::path& folder) {
  std::vector<fs::path> images;
  fs::recursive_directory_iterator it(folder, fs::directory_options::follow_directory_symlink);
  for (; it != fs::recursive_directory_iterator(); ++it) {
    if (it->is_directory()) {
      if (is_hidden(it->path())) it.disable_recursion_pending();
    } else if (is_image_name(it->path()) && !is_hidden(it->path())) {
      images.push_back(it->path().lexically_relative(folder));
    }
  }
  std::sort(images.begin(), images.end());
  return images;
}

std::vector<fs::path> images_or_fail(const fs::path& folder) try {
  auto images = images_under(folder);
  if (!images.empty()) return images;
  throw Error(ErrorCode::input,
              fmt::format("\"{}\" contains no image (jpg, jpeg, png, webp, bmp, tif, tiff)", folder.string()));
} catch (const fs::filesystem_error& error) {
  throw Error(ErrorCode::input,
              fmt::format("cannot read the folder \"{}\": {}", folder.string(), error.code().message()));
}

std::vector<LocatedItem> read_class_folders(const Source& source, const fs::path& root) {
  const auto folder = (root / source.path).lexically_normal();
  std::vector<LocatedItem> items;
  for (const auto& image : images_or_fail(folder)) {
    Item item;
    item.path = (folder / image).string();
    item.id = (source.path / image).lexically_normal().generic_string();
    item.label = image.parent_path().filename().string();
    item.split = source.split;
    items.push_back({item, item.path});
  }
  return items;
}

std::vector<Source> folders_named(const fs::path& root, std::initializer_list<const char*> names) {
  std::vector<Source> sources;
  for (const auto* name : names) {
    if (!fs::is_directory(root / name)) continue;
    Source source;
    source.format = "folder";
    source.path = source.split = name;
    sources.push_back(source);
  }
  return sources;
}

std::vector<Source> describe_folder(const fs::path& root) {
  if (!fs::is_directory(root)) return {};
  auto sources = folders_named(root, {"gallery", "train"});
  const auto queries = folders_named(root, {"queries", "query", "test"});
  if (!sources.empty() && !queries.empty()) {
    sources.insert(sources.end(), queries.begin(), queries.end());
    return sources;
  }
  Source whole;
  whole.format = "folder";
  whole.path = ".";
  return {whole};
}

}  // namespace

const Format class_folders_format{{"folder", false}, describe_folder, read_class_folders};

}  // namespace matcher::dataset
