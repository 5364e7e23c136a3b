// Reads datasets: catalogues of images (and texts) with labels and roles, from CSV manifests and class folders.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "matcher/core/role.hpp"

namespace matcher::dataset {

/// One image (or one text) with an id and, for evaluation, a label (the product).
struct Item {
  std::string id;     ///< unique within its role: the id column, or the path relative to the root
  std::string path;   ///< the image file; empty for a text
  std::string label;  ///< the product; empty if the source does not give one
  std::string split, view, category, text;
};

/// A catalogue format, as a dataset.yaml names it.
struct SourceFormat {
  std::string key;           ///< "csv": the key of a source whose value is the path
  bool has_columns = false;  ///< takes header, trim, image_root and columns
};

/// The formats that sources may have.
std::vector<SourceFormat> source_formats();

/// path, label, split, view, category, text, id -> column name, or number from 1.
using Columns = std::map<std::string, std::string>;

/// One place that items come from.
struct Source {
  std::string format;  ///< SourceFormat::key
  std::string path;    ///< file or folder, relative to the root of the dataset
  bool header = true;
  bool trim = true;  ///< drop spaces around fields
  Columns columns;
  std::string split;  ///< the split of items without a split column
  /// The splits of each role. Empty: the splits "queries", "query" and "test", in any case, are
  /// queries; all others gallery.
  std::map<Role, std::vector<std::string>> roles;
  std::string image_root;  ///< paths, also with a leading '/', are relative to this folder, itself relative to the root
};

/// The content of a dataset.yaml.
struct Description {
  std::string name, description, protocol;
  std::string root;  ///< absolute, or relative to the file that names it
  std::string get;   ///< a command that fetches the data, shown if the data is missing
  std::vector<Source> sources;
  std::string labels_csv;  ///< names of labels: columns label, name, category; optional
  bool labels_header = true;
  std::map<std::string, std::string> label_columns;
  std::string origin;  ///< the file that was read, for messages
};

/// A dataset with its items, in the order of the sources and of their rows; folders are sorted by name.
struct Dataset {
  std::string name, protocol;
  std::vector<Item> gallery, queries;
  std::map<std::string, std::string> label_names;  ///< label -> name for people
  std::vector<std::string> warnings{};             ///< one sentence for each part of the data that was skipped
};

/// Reads the sources. Throws Error(input) for a missing root, manifest or column, a row with too few fields, an id used
/// twice within a role, and a dataset without items.
Dataset load(const Description& description);

/// Returns the labels of queries that no gallery item has, sorted.
std::vector<std::string> labels_without_gallery(const Dataset& dataset);

}  // namespace matcher::dataset
