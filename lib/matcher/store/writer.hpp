// Writes an embedding set batch by batch. A new writer continues the work of a killed one.
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

/// Fills `<output>.partial` and renames it to `output` at finish(). About every second, between two batches, it flushes
/// all files and notes their lengths in a journal. A new writer with the same `key` cuts the files to the last note and
/// continues; batches are made of the same items, so the result is the same. Another key starts again.
class EmbeddingWriter {
 public:
  /// Throws Error(resource) if the folder cannot be written, or if another process is writing it.
  EmbeddingWriter(const std::filesystem::path& output, const std::string& key, std::size_t dimension);

  std::size_t consumed() const { return note_.consumed; }  ///< finished items of the catalogue, with those that failed
  std::size_t count() const { return note_.count; }        ///< vectors written
  std::size_t failures() const { return note_.failures; }
  bool discarded() const { return discarded_; }  ///< unfinished work under another key was removed

  /// Row i of `vectors` belongs to items[i]. `consumed` counts items from the start of the catalogue.
  void append(MatrixView vectors, std::span<const ItemRow> items, std::span<const FailureRow> failures,
              std::size_t consumed);

  /// Adds counts and fingerprints to `manifest`, and moves the complete set to `output`.
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
