// Datasets by name or path: what the user typed after --dataset.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "matcher/config/places.hpp"
#include "matcher/dataset/dataset.hpp"

namespace matcher::config {

/// Reads a dataset.yaml; `origin` is that file, for messages and for the name where the YAML gives none. The root stays
/// as written, with its variables expanded. Throws Error(usage) with origin:line.
dataset::Description parse_dataset(const std::string& text, const std::string& origin);

/// The name of a description that does not say it: "shelf" for shelf/dataset.yaml as for shelf.yaml.
std::string default_dataset_name(const std::filesystem::path& file);

/// Every dataset in the dataset folders, sorted by name; of two with one name, the one found first.
std::vector<dataset::Description> find_datasets(const Places& places);

/// A dataset by name, or by the path of a .yaml, a .csv or a folder (with a dataset.yaml, an items.csv, or photos). A
/// name goes before a path of the same spelling. The root is absolute. A relative root of a dataset found by name is
/// looked for in the current folder first, then beside its YAML; of a dataset given by path, beside its YAML first;
/// where neither exists, the first is kept. No root, or one that begins with "./" or "../", is always beside the YAML.
/// Throws Error(usage) for an unknown name (with near names), Error(input) for a path to nothing.
dataset::Description find_dataset(const std::string& name_or_path, const Places& places);

}  // namespace matcher::config
