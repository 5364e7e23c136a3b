// Embedding sets on disk: vectors.npy [n, d] float32, items.csv (row i describes vector i), failures.csv,
// manifest.json.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "matcher/core/mapped_file.hpp"
#include "matcher/core/matrix.hpp"

namespace matcher::store {

struct ItemRow {
  std::string id, path, label, role, split, view, category, text;
  std::string content_hash;  ///< of the picture's bytes
  bool operator==(const ItemRow&) const = default;
};

struct FailureRow {
  std::string id, path, role, reason;
};

/// What names an embedding set; the part of manifest.json that programs rely on.
struct Manifest {
  std::string model;              ///< the name or ensemble expression
  std::string model_fingerprint;  ///< model bytes, preprocessing and precision
  std::string dataset, protocol;
  std::string split;               ///< gallery, queries or all
  std::string source_fingerprint;  ///< of the listing: ids, paths, labels, sizes, times of change
  std::string data_fingerprint;    ///< of ids, labels and content hashes of the items that are in the set
  std::string precision, device;
  std::size_t dimension = 0, count = 0, failures = 0;
  std::uintmax_t model_size_bytes = 0;
  int batch_size = 0;
  double images_per_second = 0;  ///< of the network and everything before it
  std::string libtorch;
  std::string request;  ///< fingerprint of the model, device and precision as asked for, and of the machine
  /// Shard `shard` of `shards`, from 1, of a listing with this fingerprint of ids, labels and texts; 1 of 1 is a whole.
  std::size_t shard = 1, shards = 1;
  std::string listing;
};

/// An embedding set that is complete. The vectors are memory-mapped.
class EmbeddingSet {
 public:
  /// Throws Error(input) when the folder is not there or incomplete, Error(mismatch) when its files do not belong
  /// together.
  static EmbeddingSet open(const std::filesystem::path& folder);

  MatrixView vectors() const { return vectors_; }
  const std::vector<ItemRow>& items() const { return items_; }
  std::vector<ItemRow> take_items() { return std::move(items_); }
  const std::vector<FailureRow>& failures() const { return failures_; }
  const Manifest& manifest() const { return manifest_; }

 private:
  EmbeddingSet() = default;
  MappedFile file_;
  MatrixView vectors_;
  std::vector<ItemRow> items_;
  std::vector<FailureRow> failures_;
  Manifest manifest_;
};

/// The items, row by row, as in items.csv; also used by an index. Throws Error(input) naming file and line.
void write_items(const std::filesystem::path& file, const std::vector<ItemRow>& items);
std::vector<ItemRow> read_items(const std::filesystem::path& file);

/// Fingerprint of ids, labels and content hashes.
std::string data_fingerprint(const std::vector<ItemRow>& items);

}  // namespace matcher::store
