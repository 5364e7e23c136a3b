// Reads embedding sets: vectors.npy [n, d] float32, items.csv (row i describes vector i), failures.csv, manifest.json.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "matcher/core/identity.hpp"
#include "matcher/core/matrix.hpp"
#include "matcher/core/role.hpp"
#include "matcher/files/made.hpp"
#include "matcher/files/mapped_file.hpp"
#include "matcher/store/items.hpp"

namespace matcher::store {

struct FailureRow {
  std::string id, path, role, reason;
};

/// The part of an embedding set's manifest.json that programs rely on.
struct Manifest {
  ModelIdentity model;
  DataIdentity data;  ///< the dataset; its fingerprint covers the items in the set
  Split split = Split::all;
  std::string source_fingerprint;  ///< hash of the listing: ids, paths, labels, sizes, times of change
  std::size_t count = 0, failures = 0;
  int batch_size = 0;
  double images_per_second = 0;  ///< network, decoding and preprocessing together
  std::string libtorch;
  std::string request;  ///< fingerprint of the requested model, device and precision, and of the machine
  /// The set is shard `shard` of `shards`, from 1; 1 of 1 is a whole set. `listing` is a hash of all ids, labels,
  /// texts.
  std::size_t shard = 1, shards = 1;
  std::string listing;
  /// Content hashes of the rows of vectors.npy, of items.csv and of failures.csv; "" in sets of older versions.
  struct Sums {
    std::string vectors, items, failures;
  } sums{};
  Made made{};  ///< set by EmbeddingWriter
};

/// A complete embedding set. The vectors are memory-mapped.
class EmbeddingSet {
 public:
  /// Throws Error(input) if the folder is missing, incomplete or damaged, Error(mismatch) if its files do not belong
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

}  // namespace matcher::store
