// Writes an embedding set batch by batch, so that a killed writer can be continued where it was.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <span>
#include <string>

#include "matcher/core/file.hpp"
#include "matcher/core/matrix.hpp"
#include "matcher/store/embedding_set.hpp"

namespace matcher::store {

/// Fills `<output>.partial` and renames it to `output` at finish(). Every second or so, between two batches, all files
/// are flushed and their lengths are noted in a journal; a new writer with the same `key` cuts the files to the last
/// note and goes on. As batches are always made of the same items, the result is the same as without the interruption.
/// Another key (another model, listing or batch size) starts afresh.
class EmbeddingWriter {
 public:
  /// Throws Error(resource) for a place that cannot be written or that another process is writing.
  EmbeddingWriter(const std::filesystem::path& output, const std::string& key, std::size_t dimension);

  std::size_t consumed() const {
    return note_.consumed;
  }                                                  ///< items of the catalogue that are done, failed ones included
  std::size_t count() const { return note_.count; }  ///< vectors written
  std::size_t failures() const { return note_.failures; }
  bool discarded() const { return discarded_; }  ///< there was unfinished work under another key

  /// Row i of `vectors` belongs to items[i]. `consumed` counts the catalogue's items from its start.
  void append(MatrixView vectors, std::span<const ItemRow> items, std::span<const FailureRow> failures,
              std::size_t consumed);

  /// Completes `manifest` with counts and fingerprints and puts the set in its place.
  void finish(Manifest manifest);

 private:
  struct Note {
    std::size_t consumed = 0, count = 0, failures = 0;
    std::uintmax_t items_bytes = 0, failures_bytes = 0;
  };
  std::optional<Note> last_note() const;
  void start_afresh(const std::string& key);
  void go_on();
  void checkpoint();
  std::filesystem::path file(const char* name) const { return partial_ / name; }

  std::filesystem::path output_, partial_;
  std::size_t dimension_;
  std::optional<FolderLock> lock_;
  OutputFile vectors_, items_, failures_, journal_;
  Note note_;
  bool discarded_ = false;
  std::chrono::steady_clock::time_point last_checkpoint_ = std::chrono::steady_clock::now();
};

}  // namespace matcher::store
