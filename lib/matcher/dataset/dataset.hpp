// Datasets: catalogues of photos (and texts) with labels and roles, from CSV manifests and class folders.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "matcher/core/role.hpp"

namespace matcher::dataset {

/// One image (or one text) with an id and, for evaluation, a label (the product).
struct Item {
  std::string id;     ///< unique within its role; the path relative to the root, or what an id column says
  std::string path;   ///< where the picture lies; empty for a text
  std::string label;  ///< the product; empty when unknown to the manifest
  std::string split, view, category, text;
};

/// One place items come from: a CSV manifest or a folder of class folders.
struct Source {
  std::string csv;     ///< file, relative to the dataset's root; or
  std::string folder;  ///< folder with a folder a label
  bool header = true;
  bool trim = true;  ///< drop spaces around fields
  /// path, label, split, view, category, text, id -> column name, or number from 1.
  std::map<std::string, std::string> columns;
  std::string split;  ///< the split of items without a split column
  /// Which values of split play which role. Empty: split "queries" or "query" or "test" are queries, all else gallery.
  std::map<Role, std::vector<std::string>> roles;
  std::string image_root;  ///< paths, also with a leading '/', are relative to this folder, itself relative to the root
};

/// What a dataset.yaml says.
struct Description {
  std::string name, description, protocol;
  std::string root;  ///< absolute, or relative to the file that says it
  std::string get;   ///< how to bring the data here, shown when it is not
  std::vector<Source> sources;
  std::string labels_csv;  ///< names of labels: columns label, name, category; optional
  bool labels_header = true;
  std::map<std::string, std::string> label_columns;
  std::string origin;  ///< the file this came from, for messages
};

/// A dataset with its items. Order is the order of the sources and of their rows; folders are sorted by name.
struct Dataset {
  std::string name, protocol;
  std::vector<Item> gallery, queries;
  std::map<std::string, std::string> label_names;  ///< label -> name for people
};

/// Reads the sources. Throws Error(input): root, manifest or column missing (with the columns there are, and
/// `description.get`), a row with too few fields (file:line), duplicate ids within a role (with both lines), no items.
Dataset load(const Description& description);

/// A description of a path given on the command line: a CSV (with a header that has a column path or text, else columns
/// path,label,category in this order) or a folder (of class folders; of gallery or train, and queries, query or test,
/// that hold class folders or photos; or of photos). A CSV without a split column is all gallery. A folder with a
/// dataset.yaml or an items.csv is the business of config::find_dataset. Throws Error(input).
Description describe_path(const std::filesystem::path& path);

/// Labels of queries that no gallery item has, sorted.
std::vector<std::string> labels_without_gallery(const Dataset& dataset);

}  // namespace matcher::dataset
