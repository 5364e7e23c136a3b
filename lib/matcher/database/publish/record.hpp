// The record that matcher stores with each version: the manifest of the index, and whether the version is complete.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "matcher/database/database.hpp"
#include "matcher/store/index_folder.hpp"

namespace matcher::database {

struct VersionRecord {
  store::IndexManifest manifest;
  std::string items_fingerprint;  ///< fingerprint_rows() of all rows
  bool complete = false;          ///< false while rows are sent and removed
  std::string previous;           ///< the version that was live before this one; empty: none
  std::string writer{};           ///< a random name of the process that is changing the version; empty: none is
};

std::string record_text(const VersionRecord& record);

/// Throws Error(mismatch) with `where` if matcher did not write the text, or a newer matcher did.
VersionRecord parse_record(const std::string& text, const std::string& where);

/// Returns an item as a row. The field `vector_hash` is for items without a content hash.
Row to_row(const store::ItemRow& item, std::span<const float> vector);
store::ItemRow to_item(const Row& row);

/// Fingerprint of all fields of the rows, in any order.
std::string fingerprint_rows(std::vector<Row> rows);

}  // namespace matcher::database
