// The table of catalogue formats: a format is one file that defines a Format, and one line below.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "matcher/dataset/dataset.hpp"

namespace matcher::dataset {

/// An item, and where it was found.
struct LocatedItem {
  Item item;
  std::string where;  ///< file:line of a CSV, or the path of the image
};

/// The items of a source, and one sentence for each part that was skipped.
struct Contents {
  std::vector<LocatedItem> items;
  std::vector<std::string> warnings;
};

/// One way to store a catalogue.
struct Format {
  SourceFormat about;
  /// Describes a path given on the command line; empty if this format does not read it. Throws Error(input).
  std::vector<Source> (*describe)(const std::filesystem::path& path, const Columns& columns);
  /// Reads `source` under `root`. Throws Error(input) with file:line.
  Contents (*read)(const Source& source, const std::filesystem::path& root);
};

#define MATCHER_DATASET_FORMATS(add) add(csv_manifest) add(class_folders)

#define MATCHER_DECLARE_FORMAT(name) extern const Format name##_format;
MATCHER_DATASET_FORMATS(MATCHER_DECLARE_FORMAT)
#undef MATCHER_DECLARE_FORMAT

/// Borrows the formats of the table, in its order.
const std::vector<const Format*>& formats();

/// Finds the format by its key. Throws Error(usage).
const Format& find_format(const std::string& key);

}  // namespace matcher::dataset
