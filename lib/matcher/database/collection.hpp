// Opens a version of a collection for search, with its items and its manifest.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "matcher/core/observer.hpp"
#include "matcher/database/access.hpp"
#include "matcher/index/vector_index.hpp"
#include "matcher/store/index_folder.hpp"

namespace matcher::database {

struct OpenedCollection {
  store::IndexManifest manifest;
  std::vector<store::ItemRow> items;  ///< in the order of their ids
  std::vector<std::string> ids;       ///< row i of the index is items[i]
  std::unique_ptr<index::VectorIndex> index;
  std::string threshold{};  ///< JSON that store_threshold() stored; empty: none
};

/// Opens the version that `address` names, or the live version of the name. Warns if the version is being changed.
/// Throws Error(input) if there is no version, Error(mismatch) if something else than matcher made or changed it.
OpenedCollection open_collection(const std::string& address, const Access& access, Observer& observer);

/// Stores a threshold, as JSON text, with the version that `address` names, or the live one; an empty text removes it.
/// Returns false if nothing was stored before. Throws as
/// open_collection(), and Error(resource) if another process writes to the name.
bool store_threshold(const std::string& address, const Access& access, Observer& observer, const std::string& text);

}  // namespace matcher::database
