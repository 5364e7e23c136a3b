// Writes files that are complete or absent, and locks folders. Errors name the path.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "matcher/files/read_file.hpp"

namespace matcher {

namespace fs = std::filesystem;

/// Writes a file through a file descriptor, so that "no space left" is reported at the write that failed.
/// Every function throws Error(resource) with the path and the reason.
class OutputFile {
 public:
  enum class Mode { truncate, resume };  ///< resume: keep the content and append
  OutputFile() = default;
  explicit OutputFile(const fs::path& path, Mode mode = Mode::truncate);
  ~OutputFile();
  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&& other) noexcept;

  void write(std::span<const std::byte> data);
  void write(std::string_view text);
  void overwrite(std::uint64_t offset, std::string_view text);  ///< in place
  void sync();                                                  ///< writes buffered bytes to the disk itself
  void close();                                                 ///< flushes and closes; the destructor closes silently

 private:
  void flush();
  fs::path path_;
  int descriptor_ = -1;
  std::vector<std::byte> buffer_;
};

/// A file that is complete or absent: written under a temporary name beside `path`; commit() flushes it and renames it.
/// Without commit() nothing stays. Every function throws Error(resource).
class AtomicFile {
 public:
  explicit AtomicFile(fs::path path);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void write(std::span<const std::byte> data) { out_.write(data); }
  void write(std::string_view text) { out_.write(text); }
  void commit();

 private:
  fs::path path_, temporary_;
  OutputFile out_;
  bool committed_ = false;
};

/// Writes an AtomicFile in one step.
void write_atomically(const fs::path& path, std::string_view text);

/// Cuts a file to `size` bytes. Throws Error(resource).
void truncate_file(const fs::path& path, std::uintmax_t size);

/// Creates a folder and its parents. Throws Error(resource).
void make_folder(const fs::path& path);

/// Holds an advisory lock on a folder while it lives. Several processes may hold it shared. Throws Error(resource) if
/// another process holds it. Holds nothing on a file system without locks.
class FolderLock {
 public:
  enum class Mode { exclusive, shared };
  explicit FolderLock(const fs::path& folder, Mode mode = Mode::exclusive);
  ~FolderLock();
  FolderLock(FolderLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  FolderLock& operator=(FolderLock&&) = delete;

 private:
  int descriptor_ = -1;
};

/// Checks that an artefact may replace `target`: a folder that is missing, empty, or has a manifest.json with `schema`.
/// Throws Error(usage) otherwise.
void check_replaceable(const fs::path& target, std::string_view schema);

}  // namespace matcher
