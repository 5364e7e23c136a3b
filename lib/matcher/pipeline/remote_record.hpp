// What a version of a collection says of itself: the index's manifest, and how far its making came.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "matcher/database/database.hpp"
#include "matcher/pipeline/index.hpp"

namespace matcher::pipeline {

struct RemoteRecord {
  store::IndexManifest manifest;
  std::string items_fingerprint;  ///< of the rows in the order of their ids
  bool complete = false;          ///< false while rows are sent and removed
  std::string previous;           ///< the version that was live before this one; empty: none
};

std::string text_of(const RemoteRecord& record);

/// Throws Error(mismatch), naming `where`, when matcher did not write the text or a newer matcher did.
RemoteRecord parse_record(const std::string& text, const std::string& where);

/// An item as a row of a collection. `vector_hash` is for items without a content hash.
database::Row row_of(const store::ItemRow& item, std::span<const float> vector);
store::ItemRow item_of(const database::Row& row);

/// Of all fields of the rows, whatever their order.
std::string items_fingerprint(std::vector<database::Row> rows);

}  // namespace matcher::pipeline
