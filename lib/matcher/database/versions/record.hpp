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
  std::size_t generation = 0;     ///< how often a version of this model was built from scratch
  IndexType index = IndexType::hnsw;
  std::size_t lists = 0;      ///< for ivf-flat
  std::size_t effort = 0;     ///< ef or nprobe of searches; 0: the default
  std::string threshold{};    ///< JSON as in threshold.json; empty: none
  std::size_t churn = 0;      ///< records replaced or removed since the version was built
  bool lost_records = false;  ///< searches did not find some: a build from scratch does not continue it
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
