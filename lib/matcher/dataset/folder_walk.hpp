// Lists the images under a folder, in the same order on every machine.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace matcher::dataset {

/// Passes each image to `use`, relative to `folder`, sorted by the names of folders and files. Skips names that begin
/// with a dot, and folders that other programs keep there. Follows links to folders; returns a sentence for each that
/// leads back. Throws Error(input).
std::vector<std::string> walk_images(const std::filesystem::path& folder,
                                     const std::function<void(const std::string&)>& use);

/// True for folders of thumbnails, bins and snapshots on network storage and of other systems, and for hidden ones.
bool is_ignored_folder(const std::string& name);

/// True if an image is anywhere under the folder.
bool has_images(const std::filesystem::path& folder);

}  // namespace matcher::dataset
