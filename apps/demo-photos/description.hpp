// The texts beside the photos: what matcher, a person and the next run need to know.
#pragma once

#include <string>

#include "demo-photos/parameters.hpp"
#include "matcher/core/file.hpp"

namespace matcher::demo {

inline constexpr const char* manifest_name = "demo-photos.json";

/// Describes the folder to matcher. `root` is where the photos are, as the description's reader sees it.
std::string dataset_yaml(const Parameters& parameters, const std::string& root);

/// path,label,split,view,category: a row for each photo.
std::string items_csv(const Parameters& parameters);

/// label,name,category: a row for each product, unknown ones included.
std::string labels_csv(const Parameters& parameters);

/// Relative to the folder; `view` counts from 0.
std::string photo_path(const std::string& split, const std::string& label, int view);

std::string manifest_json(const Parameters& parameters);

enum class Manifest { none, same, other };

/// Whether `folder` holds a manifest of this program, and whether it is that of these parameters.
Manifest check_manifest(const fs::path& folder, const Parameters& parameters);

}  // namespace matcher::demo
