// Writes an embedding set batch by batch. A new writer continues the work of a killed one.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "matcher/core/matrix.hpp"
#include "matcher/store/embedding_set.hpp"

namespace matcher::store {

/// Fills `<output>.partial` and renames it to `output` at finish(). About every second, between two batches, it flushes
/// all files and notes their lengths and sums in a journal. A new writer with the same `key` continues at the last note
/// that the files agree with; batches are made of the same items, so the result is the same. Another key starts again.
/// A link, or a folder with anything that matcher did not write, is refused.
class EmbeddingWriter {
 public:
  /// Throws Error(usage) if `<output>.partial` is not matcher's, Error(resource) if it cannot be written or if another
  /// process is writing it.
  EmbeddingWriter(const std::filesystem::path& output, const std::string& key, std::size_t dimension,
                  ItemColumns columns = ItemColumns::usual);
  ~EmbeddingWriter();

  std::size_t consumed() const;  ///< finished items of the catalogue, with those that failed
  std::size_t count() const;     ///< vectors written
  std::size_t failures() const;
  bool discarded() const;                       ///< unfinished work under another key was removed
  bool damaged() const;                         ///< part of the unfinished work was damaged, and is not used
  const std::filesystem::path& folder() const;  ///< `<output>.partial`

  /// `flush` runs before each checkpoint: what it writes is on the disk before the journal says that an item is done.
  void before_checkpoint(std::function<void()> flush);

  /// Row i of `vectors` belongs to items[i]. `consumed` counts items from the start of the catalogue.
  void append(MatrixView vectors, std::span<const ItemRow> items, std::span<const FailureRow> failures,
              std::size_t consumed);

  /// Writes everything to the disk. A new writer continues here.
  void checkpoint();

  /// Writes rows to failures.csv for people to read; a new writer cuts them off, because no note covers them.
  void show_failures(std::span<const FailureRow> failures);

  /// Adds counts, sums and fingerprints to `manifest`, and moves the complete set to `output`.
  void finish(Manifest manifest);

 private:
  struct Work;
  std::unique_ptr<Work> work_;
};

}  // namespace matcher::store
