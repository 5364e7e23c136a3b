// Reads, writes and restores index folders: index.faiss, items.csv and manifest.json.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "matcher/core/identity.hpp"
#include "matcher/files/atomic_folder.hpp"
#include "matcher/files/made.hpp"
#include "matcher/store/items.hpp"

namespace matcher::store {

/// The part of an index's manifest.json that programs rely on.
struct IndexManifest {
  ModelIdentity model;
  DataIdentity data;
  std::string type;  ///< a FAISS factory string, or the name of a database
  std::size_t count = 0, failures = 0;
  double images_per_second = 0;
  bool exact = true;
  std::string reason;             ///< why this type was chosen
  double recall_at_10 = 1;        ///< share of the exact top 10 that the index answers
  std::size_t sample = 0;         ///< queries that recall and speed were measured on; 0: not measured
  double queries_per_second = 0;  ///< the sample searched as one batch, 10 answers each
  bool rounded_copy = true;       ///< exact search may keep a rounded copy in memory
  std::size_t effort = 0;         ///< ef or nprobe of searches; 0: the default
  /// Hashes of index.faiss, as index::VectorIndex::save() returns it, and of items.csv. Empty in a database and in
  /// indexes of matcher 0.1.
  std::string index_hash{}, items_hash{};
  std::vector<std::string> steps{};       ///< steps of the variant that built the index, by refine::to_string()
  std::vector<std::string> map_hashes{};  ///< hashes of the files of maps that queries need, in the order of the steps
  Made made{};                            ///< set by IndexWriter; unknown in a database
};

/// A manifest as JSON text, and back. Parsing throws std::invalid_argument with the damage in words.
std::string index_manifest_text(const IndexManifest& manifest);
IndexManifest parse_index_manifest(const std::string& text);

/// Throws Error(input) if the folder is incomplete or damaged, Error(mismatch) for another schema.
IndexManifest read_index_manifest(const std::filesystem::path& folder);
std::vector<ItemRow> read_index_items(const std::filesystem::path& folder);

/// Reads the items of `manifest`. Throws Error(mismatch) if items.csv is damaged, or that of another index.
std::vector<ItemRow> read_index_items(const std::filesystem::path& folder, const IndexManifest& manifest);

/// Throws Error(mismatch) if a file of the index has another hash than its manifest says.
void check_index_file(const std::filesystem::path& file, const std::string& wanted, const IndexManifest& manifest);

/// The file of map `number`, from 0: how queries are mapped before they are searched.
std::filesystem::path index_map_file(const std::filesystem::path& folder, std::size_t number);

/// The file that holds the vectors, in the format of index::VectorIndex::save().
std::filesystem::path index_file(const std::filesystem::path& folder);

/// The differences between an index and the one that it replaces, by id.
struct IndexChanges {
  std::size_t added = 0, changed = 0, removed = 0;
  bool other_model = false;
};

/// Compares the index in `folder` with the items and the model that will replace it. Returns nothing if there is no
/// index. Throws what reading it throws.
std::optional<IndexChanges> find_changes(const std::filesystem::path& folder, const std::vector<ItemRow>& items,
                                         const ModelIdentity& model);

/// The folder that keeps a replaced index: `<folder>.previous`, beside the folder that a link leads to.
std::filesystem::path previous_of(const std::filesystem::path& folder);

/// Throws Error(usage) if `folder`, or the folder that keeps the replaced index, holds something else than an index.
void check_index_folder(const std::filesystem::path& folder);

/// Writes an index folder that is complete or absent, and keeps the index that it replaces unless both are equal.
class IndexWriter {
 public:
  explicit IndexWriter(const std::filesystem::path& folder) : folder_(folder), temporary_(folder) {}

  /// The file that the index itself must be saved to before commit().
  std::filesystem::path index_file() const { return store::index_file(temporary_.path()); }
  /// The file of map `number`, which must be written before commit().
  std::filesystem::path map_file(std::size_t number) const { return index_map_file(temporary_.path(), number); }
  /// Notes the hash of items.csv, and when, where and how long it was built; the caller sets that of the index and of
  /// the maps.
  void commit(IndexManifest manifest, const std::vector<ItemRow>& items);

 private:
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::filesystem::path folder_;
  AtomicFolder temporary_;
};

/// Checks that `folder` and the folder that keeps the replaced index can be exchanged. Returns the latter. Throws
/// Error(input) if either manifest is missing or damaged.
std::filesystem::path find_previous(const std::filesystem::path& folder);

/// Exchanges the index with the one that it replaced; a second call undoes the first. Returns the manifest of the
/// restored index, and reads no other file. Throws as find_previous().
IndexManifest restore_index(const std::filesystem::path& folder);

}  // namespace matcher::store
