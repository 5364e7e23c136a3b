// Reads one source of a dataset; private to this layer.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "matcher/dataset/dataset.hpp"

namespace matcher::dataset {

struct LocatedItem {
  Item item;
  std::string where;  ///< file:line of a manifest, or the photo itself
};

/// Rows of `source.csv` under `root`. Throws Error(input) with file:line.
std::vector<LocatedItem> read_manifest(const Source& source, const std::filesystem::path& root);

/// Photos anywhere under `source.folder`, sorted; the label is the folder that directly holds the photo, "" for photos
/// of `source.folder` itself. Names that begin with a dot are passed over. Throws Error(input) when there is no photo.
std::vector<LocatedItem> read_class_folders(const Source& source, const std::filesystem::path& root);

/// jpg jpeg png webp bmp tif tiff, in any case.
bool is_picture(const std::filesystem::path& path);

}  // namespace matcher::dataset
