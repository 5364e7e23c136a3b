// Class folders: images anywhere under a folder. The label is the folder that directly holds the image; it is "" for
// images in the source folder itself. Skips names that begin with a dot, and folders that other programs keep there.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "matcher/core/error.hpp"
#include "matcher/core/text.hpp"
#include "matcher/dataset/formats/formats.hpp"
#include "matcher/dataset/formats/splits.hpp"
#include "matcher/dataset/image_name.hpp"
#include "matcher/files/paths.hpp"

namespace matcher::dataset {

namespace fs = std::filesystem;

namespace {

bool is_hidden(const fs::path& path) { return path.filename().string().starts_with('.'); }

/// Folders of thumbnails, bins and snapshots on network storage, and of other systems.
bool is_foreign(const fs::path& folder) {
  constexpr std::array names{"@eadir",    "@tmp",     "@recycle",     "@recently-snapshot",        "#recycle",
                             "#snapshot", "__macosx", "$recycle.bin", "system volume information", "lost+found"};
  const auto name = lower_case(folder.filename().string());
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Collects images under a folder. Follows links to folders, so links may make up a dataset.
class Walk {
 public:
  explicit Walk(const fs::path& root) : root_(root) { visit(root); }

  std::vector<fs::path> images;  ///< relative to the folder
  std::vector<std::string> warnings;

 private:
  void visit(const fs::path& folder) {
    ancestors_.push_back(folder);
    std::error_code error;
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) add(*it);
    if (error) {
      throw Error(ErrorCode::input, fmt::format("cannot read the folder \"{}\": {}", folder.string(), error.message()));
    }
    ancestors_.pop_back();
  }

  void add(const fs::directory_entry& entry) {
    std::error_code ignored;
    const auto& path = entry.path();
    if (is_hidden(path)) return;
    if (!entry.is_directory(ignored)) {
      if (is_image_name(path)) images.push_back(path.lexically_relative(root_));
    } else if (!is_foreign(path) && !leads_back(entry)) {
      visit(path);
    }
  }

  bool leads_back(const fs::directory_entry& entry) {
    std::error_code ignored;
    if (!entry.is_symlink(ignored)) return false;
    const auto found = std::find_if(ancestors_.begin(), ancestors_.end(), [&](const fs::path& ancestor) {
      return fs::equivalent(entry.path(), ancestor, ignored);
    });
    if (found == ancestors_.end()) return false;
    warnings.push_back(
        fmt::format("skipped the link \"{}\": it leads back to \"{}\"", entry.path().string(), found->string()));
    return true;
  }

  const fs::path& root_;
  std::vector<fs::path> ancestors_;
};

/// Labels that stand in a file beside the images, as Hugging Face publishes them, are not read with class folders.
void warn_of_metadata(const fs::path& folder, std::vector<std::string>& warnings) {
  for (const auto* name : {"metadata.csv", "metadata.jsonl", "metadata.parquet"}) {
    if (!is_file(folder / name)) continue;
    warnings.push_back(fmt::format(
        "\"{}\" was not used: the folders give the labels. To use it, name a CSV with the columns file_name "
        "and label, or write a dataset.yaml with columns: {{path: file_name, label: COLUMN}}",
        (folder / name).string()));
  }
}

Item item_of(const Source& source, const fs::path& folder, const fs::path& image) {
  Item item;
  item.path = (folder / image).string();
  item.id = (source.path / image).lexically_normal().generic_string();
  item.label = image.parent_path().filename().string();
  item.split = source.split;
  return item;
}

Contents read_class_folders(const Source& source, const fs::path& root) {
  const auto folder = (root / source.path).lexically_normal();
  Walk walk(folder);
  if (walk.images.empty())
    throw Error(ErrorCode::input,
                fmt::format("\"{}\" contains no image (jpg, jpeg, png, webp, bmp, tif, tiff)", folder.string()));
  std::sort(walk.images.begin(), walk.images.end());
  Contents contents{{}, std::move(walk.warnings)};
  warn_of_metadata(folder, contents.warnings);
  for (const auto& image : walk.images) {
    Item item = item_of(source, folder, image);
    const auto where = item.path;
    contents.items.push_back({std::move(item), where});
  }
  return contents;
}

std::vector<Source> describe_folder(const fs::path& root, const Columns&) {
  if (!is_folder(root)) return {};
  std::vector<Source> sources;
  for (const auto& folder : split_folders(root)) {
    Source source;
    source.format = "folder";
    source.path = folder;
    if (folder != ".") source.split = folder;
    sources.push_back(source);
  }
  return sources;
}

}  // namespace

const Format class_folders_format{{"folder", false}, describe_folder, read_class_folders};

}  // namespace matcher::dataset
