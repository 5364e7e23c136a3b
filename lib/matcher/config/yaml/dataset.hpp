// Reads a dataset.yaml.
#pragma once

#include <filesystem>
#include <string>

#include "matcher/dataset/dataset.hpp"

namespace matcher::config {

/// Reads a dataset.yaml. `origin` is that file, for messages and for the name if the YAML gives none. The root stays as
/// written, with its variables expanded. Throws Error(usage) with origin:line.
dataset::Description parse_dataset(const std::string& text, const std::string& origin);

/// The name of a description that does not give one: "shelf" for shelf/dataset.yaml and for shelf.yaml.
std::string default_dataset_name(const std::filesystem::path& file);

}  // namespace matcher::config
