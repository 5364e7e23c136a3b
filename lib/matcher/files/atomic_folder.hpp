// Writes folders that are complete or absent. A kill at any moment leaves the old folder or the new one.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "matcher/files/file.hpp"

namespace matcher {

/// A folder that is complete or absent: filled in a marked staging folder beside `target`, whose random name no other
/// folder has; then renamed to replace `target`. Links in `target` are followed. Without commit() nothing stays.
class AtomicFolder {
 public:
  /// Finishes first what a killed writer of `target` left. Throws Error(resource) if the place cannot be written, or if
  /// another process is writing `target`.
  explicit AtomicFolder(const fs::path& target);
  ~AtomicFolder();
  AtomicFolder(const AtomicFolder&) = delete;
  AtomicFolder& operator=(const AtomicFolder&) = delete;

  /// The folder to fill.
  const fs::path& path() const { return temporary_; }
  /// Replaces `target` in one step. The replaced folder then replaces `keep`, a folder beside `target`, in one step; it
  /// is removed if `keep` is empty. Throws Error(resource), and leaves all as it was.
  void commit(const fs::path& keep = {});

 private:
  void keep_replaced(const fs::path& keep);

  fs::path target_;
  fs::path temporary_;
  std::optional<FolderLock> lock_;
  bool committed_ = false;
};

/// The folder that `target` names: its links are followed, and a slash at its end is removed.
fs::path place_of(const fs::path& target);

/// Finishes what killed AtomicFolders of `target` left: a replaced folder goes to its place, an adopted one goes back,
/// half-written ones are removed. Leaves folders without a mark, links, and the work of running processes alone. Throws
/// Error(resource).
void finish_replacement(const fs::path& target);

/// Moves a complete folder with a mark, which is beside the target of `to`, to `to.path()`; takes the mark and the
/// files `without` out of it. Without commit(), also after a kill, the folder is moved back. Throws Error(resource).
void adopt_folder(const AtomicFolder& to, const fs::path& folder, const std::vector<std::string>& without);

/// Exchanges the names of two folders in one step. Throws Error(resource).
void exchange_folders(const fs::path& a, const fs::path& b);

}  // namespace matcher
