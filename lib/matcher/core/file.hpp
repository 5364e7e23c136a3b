// Files that are complete or absent, and errors that name them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace matcher {

namespace fs = std::filesystem;

/// Throws Error(input) naming the path and the reason.
std::ifstream open_for_reading(const fs::path& path);
std::vector<std::byte> read_bytes(const fs::path& path);
std::string read_text(const fs::path& path);

/// A file written through a file descriptor, so that "no space left" is seen where it happens.
/// Every function throws Error(resource) naming the path and the reason.
class OutputFile {
 public:
  enum class Mode { truncate, resume };  ///< resume: keep what is there and go on at the end
  OutputFile() = default;
  explicit OutputFile(const fs::path& path, Mode mode = Mode::truncate);
  ~OutputFile();
  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&& other) noexcept;

  void write(std::span<const std::byte> data);
  void write(std::string_view text);
  void overwrite(std::uint64_t offset, std::string_view text);  ///< in place; only in mode truncate or resume
  void sync();                                                  ///< buffered bytes to the disk itself
  void close();  ///< flush and close; the destructor closes without a word

 private:
  void flush();
  fs::path path_;
  int descriptor_ = -1;
  std::vector<std::byte> buffer_;
};

/// A file that is complete or absent: written under a temporary name beside `path`, flushed, and renamed into place by
/// commit(); without it nothing stays. All throw Error(resource).
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

/// The same in one step.
void write_atomically(const fs::path& path, std::string_view text);

/// Cuts a file to `size` bytes. Throws Error(resource).
void truncate_file(const fs::path& path, std::uintmax_t size);

/// Creates a folder and its parents. Throws Error(resource).
void make_folder(const fs::path& path);

/// Holds an advisory lock on a folder while it lives. Throws Error(resource) when another process holds it; several may
/// hold it shared.
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

/// A folder that is complete or absent: filled as `<target>.tmp`, then renamed into place. What `target` held before is
/// replaced; what an earlier, killed writer left in `<target>.tmp` is removed. Without commit() nothing stays.
class AtomicFolder {
 public:
  explicit AtomicFolder(const fs::path& target);
  ~AtomicFolder();
  AtomicFolder(const AtomicFolder&) = delete;
  AtomicFolder& operator=(const AtomicFolder&) = delete;

  const fs::path& path() const { return temporary_; }
  /// What `target` held before goes to `keep`, where that is given.
  void commit(const fs::path& keep = {});

 private:
  fs::path target_;
  fs::path temporary_;
  std::optional<FolderLock> lock_;
  bool committed_ = false;
};

/// Puts the complete folder `from` in the place of `to` in one step; what was there is removed after it, or replaces
/// `keep`. Throws Error(resource).
void replace_folder(const fs::path& from, const fs::path& to, const fs::path& keep = {});

/// Each of two folders gets the other's name, in one step. Throws Error(resource).
void exchange_folders(const fs::path& a, const fs::path& b);

/// Refuses, with Error(usage), to let an artefact replace a folder that holds something else: an existing, non-empty
/// `target` must have a manifest.json with the schema `schema`.
void check_replaceable(const fs::path& target, std::string_view schema);

}  // namespace matcher
