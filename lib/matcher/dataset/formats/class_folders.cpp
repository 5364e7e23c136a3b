// Class folders: images anywhere under a folder. The label is the folder that directly holds the image; it is "" for
// images in the source folder itself.
#include <fmt/format.h>

#include "matcher/core/error.hpp"
#include "matcher/dataset/folder_walk.hpp"
#include "matcher/dataset/formats/formats.hpp"
#include "matcher/files/paths.hpp"

namespace matcher::dataset {

namespace fs = std::filesystem;

namespace {

/// Labels that stand in a file beside the images, as Hugging Face publishes them, are not read with class folders.
void warn_of_metadata(const fs::path& folder, Sink& sink) {
  for (const auto* name : {"metadata.csv", "metadata.jsonl", "metadata.parquet"}) {
    if (!is_file(folder / name)) continue;
    sink.warn(
        fmt::format("\"{}\" was not used: the folders give the labels. To use it, name a CSV with the columns "
                    "file_name and label, or write a dataset.yaml with columns: {{path: file_name, label: COLUMN}}",
                    (folder / name).string()));
  }
}

/// The name of the folder that holds the image: "tea" of "drinks/tea/1.jpg".
std::string_view label_of(std::string_view image) {
  const auto end = image.rfind('/');
  if (end == std::string_view::npos) return {};
  const auto start = image.rfind('/', end - 1);
  return image.substr(start == std::string_view::npos ? 0 : start + 1,
                      end - (start == std::string_view::npos ? 0 : start + 1));
}

/// "FOLDER/", or "" for the folder ".".
std::string prefix_of(const fs::path& folder) {
  const auto text = folder.lexically_normal().generic_string();
  if (text.empty() || text == "." || text == "./") return "";
  return text.ends_with('/') ? text : text + "/";
}

void read_class_folders(const Source& source, const fs::path& root, Sink& sink) {
  const auto folder = (root / source.path).lexically_normal();
  const auto id_prefix = prefix_of(source.path), path_prefix = prefix_of(folder);
  const SharedText split = source.split;
  bool is_empty = true;
  const auto warnings = walk_images(folder, [&](const std::string& image) {
    Item item;
    item.path = path_prefix + image;
    item.id = id_prefix + image;
    item.label = label_of(image);
    item.split = split;
    sink.add(std::move(item));
    is_empty = false;
  });
  if (is_empty)
    throw Error(ErrorCode::input,
                fmt::format("\"{}\" contains no image (jpg, jpeg, png, webp, bmp, tif, tiff)", folder.string()));
  for (const auto& warning : warnings) sink.warn(warning);
  warn_of_metadata(folder, sink);
}

std::vector<Source> describe_folder(const Place& place) {
  if (!is_folder(place.path())) return {};
  std::vector<Source> sources;
  for (const auto& folder : place.splits()) {
    Source source;
    source.format = "folder";
    source.path = folder;
    if (folder != ".") source.split = folder;
    sources.push_back(source);
  }
  return sources;
}

}  // namespace

const Format class_folders_format{{"folder"}, describe_folder, read_class_folders};

}  // namespace matcher::dataset
