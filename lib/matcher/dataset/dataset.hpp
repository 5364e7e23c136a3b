// Reads datasets: catalogues of images (and texts) with labels and roles, from manifests, folders,
// COCO files and tar shards.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "matcher/core/column_value.hpp"
#include "matcher/core/rare.hpp"
#include "matcher/core/role.hpp"
#include "matcher/core/shared_text.hpp"

namespace matcher::dataset {

/// One image (or one text) with an id and, for evaluation, a label (the product).
struct Item {
  std::string id;    ///< unique within its role: the id column, or the path relative to the root
  std::string path;  ///< the image, as files/content_place.hpp reads it; empty for a text
  SharedText label;  ///< the product; empty if the source does not give one
  SharedText split, view, category, text;
  SharedText source{};          ///< for messages: the file that lists the item
  std::uint32_t line = 0;       ///< its line in the source; 0: none
  SharedText group{};           ///< images of a product with the same group are one series; empty: unknown
  Rare<ColumnValues> others{};  ///< values of other columns, if they are kept (KeptColumns)
};

/// A catalogue format, as a dataset.yaml names it.
struct SourceFormat {
  std::string key;           ///< "csv": the key of a source whose value is the path
  bool has_columns = false;  ///< takes image_root and columns
  bool is_csv = false;       ///< takes header, trim and the keys of CsvStyle
};

/// The formats that sources may have.
std::vector<SourceFormat> source_formats();

/// path, label, split, view, category, text, id, group, and the columns of a box -> column name, or number from 1.
using Columns = std::map<std::string, std::string>;

/// How a CSV is written, where matcher should not find that out.
struct CsvStyle {
  std::string separator;       ///< one character, tab or space (any number of blanks); "": found in the first line
  std::string comment;         ///< lines that begin with this character are skipped; "": none
  std::string quote = "\"";    ///< one character; "": quotes are part of the text
  std::string encoding;        ///< utf-8, utf-16 or latin-1; "": UTF-16 with a mark, otherwise UTF-8
  std::size_t skip_lines = 0;  ///< before the header
};

/// The unit of the columns of a box.
enum class BoxUnit { automatic, pixels, fractions };  ///< automatic: fractions if no value of the file is above 1

/// One place that items come from.
struct Source {
  std::string format;  ///< SourceFormat::key
  std::string path;    ///< file or folder, relative to the root of the dataset
  bool header = true;
  bool trim = true;                 ///< drop spaces around fields
  std::vector<std::string> only{};  ///< patterns of ids, with *, ? and []; other items are left out. Empty: all items
  CsvStyle csv{};
  Columns columns;
  BoxUnit box_unit = BoxUnit::automatic;
  double crop_margin = 0;  ///< share of a box's width and height that is added on each side
  std::string split;       ///< the split of items without a split column
  /// The splits of each role, in any case. Empty: the usual names, see formats/splits.hpp; items without a split are
  /// gallery.
  std::map<Role, std::vector<std::string>> roles;
  std::string image_root;  ///< paths, also with a leading '/', are relative to this folder, itself relative to the root
};

/// The items that keep the values of columns to which matcher gives no meaning.
enum class KeptColumns { none, of_queries, of_all };

/// The content of a dataset.yaml.
struct Description {
  std::string name, description, protocol;
  std::string root;  ///< absolute, or relative to the file that names it
  std::string get;   ///< a command that fetches the data, shown if the data is missing
  std::vector<Source> sources;
  bool fold_labels = false;  ///< joins labels that differ only in capitals, spaces or their Unicode form
  std::string labels_csv;    ///< names of labels: columns label, name, category; optional
  bool labels_header = true;
  std::map<std::string, std::string> label_columns;
  std::string origin;  ///< the file that was read, for messages
  KeptColumns kept_columns = KeptColumns::none;
};

/// A dataset with its items, in the order of the sources and of their rows; folders are sorted by name.
struct Dataset {
  std::string name, protocol;
  std::vector<Item> gallery, queries;
  std::map<std::string, std::string> label_names;  ///< label -> name for people
  std::vector<std::string> warnings{};             ///< one sentence for each part of the data that was skipped
};

/// Adds a margin to the boxes of all sources. Throws Error(usage) unless it is from 0 to 10.
void apply_crop_margin(double margin, Description& description);

/// Says where an item is listed: "items.csv:7"; "" if unknown.
std::string describe_origin(const Item& item);

/// Reads the sources. Throws Error(input) for a missing root, manifest or column, a row with too few fields, an id used
/// twice within a role, and a dataset without items.
Dataset load(const Description& description);

/// Returns the labels of queries that no gallery item has, sorted.
std::vector<std::string> labels_without_gallery(const Dataset& dataset);

}  // namespace matcher::dataset
