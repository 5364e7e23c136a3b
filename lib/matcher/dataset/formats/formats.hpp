// The table of catalogue formats: a format is one file that defines a Format, and one line below.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "matcher/dataset/dataset.hpp"

namespace matcher::dataset {

/// Takes the items of a source, one after the other.
class Sink {
 public:
  virtual ~Sink() = default;
  virtual void expect(std::size_t) {}  ///< about as many items follow
  /// Throws Error(input) for an item with an unknown split.
  virtual void add(Item item) = 0;
  virtual bool keeps_columns() const { return false; }  ///< items should have the values of other columns
  virtual void warn(std::string sentence) = 0;          ///< about a part of the source that was skipped
};

/// A path given on the command line.
class Place {
 public:
  Place(std::filesystem::path path, Columns columns) : path_(std::move(path)), columns_(std::move(columns)) {}
  const std::filesystem::path& path() const { return path_; }
  const Columns& columns() const { return columns_; }
  /// split_folders() of a folder, which may list a million files, once.
  const std::vector<std::string>& splits() const;

 private:
  std::filesystem::path path_;
  Columns columns_;
  mutable std::optional<std::vector<std::string>> splits_;
};

/// One way to store a catalogue.
struct Format {
  SourceFormat about;
  /// Describes a path given on the command line; empty if this format does not read it. Throws Error(input).
  std::vector<Source> (*describe)(const Place& place);
  /// Reads `source` under `root`. Throws Error(input) with file:line.
  void (*read)(const Source& source, const std::filesystem::path& root, Sink& sink);
};

// A CSV reads any file, and class folders any folder: they come last.
#define MATCHER_DATASET_FORMATS(add) add(coco) add(tar_shards) add(json_lines) add(csv_manifest) add(class_folders)

#define MATCHER_DECLARE_FORMAT(name) extern const Format name##_format;
MATCHER_DATASET_FORMATS(MATCHER_DECLARE_FORMAT)
#undef MATCHER_DECLARE_FORMAT

/// Borrows the formats of the table, in its order.
const std::vector<const Format*>& formats();

/// Finds the format by its key. Throws Error(usage).
const Format& find_format(const std::string& key);

}  // namespace matcher::dataset
