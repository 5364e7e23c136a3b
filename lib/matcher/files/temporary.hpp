// Names and marks temporary files and folders, so that those of a user are never taken for matcher's own.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "matcher/core/error.hpp"
#include "matcher/files/file.hpp"

namespace matcher {

/// Marks a temporary folder as matcher's own. A folder without this file is never emptied, whatever its name.
inline constexpr const char* temporary_mark = ".matcher-temporary";

/// Returns `<path>.tmp-` and 16 random hex digits. Create it exclusively: nobody can have foreseen it.
std::string temporary_name(const fs::path& path);

/// True if `name` may be a temporary name of the file or folder named `target`. It does not prove who made it.
bool is_temporary_name(std::string_view name, std::string_view target);

/// Returns a temporary name for an open file, whose digits prove that matcher gave it to this very file. Throws
/// Error(resource).
std::string proven_name(const fs::path& path, int descriptor);

/// Removes temporary files of `path` whose writers were killed, if their names prove that they are matcher's and this
/// user's. A file with such a name that anybody else made, or copied, stays.
void remove_proven_files(const fs::path& path);

/// Removes temporary files of `path` whose writers were killed. Only for folders that no person writes to, because a
/// name proves nothing. Leaves those of running writers.
void remove_left_over_files(const fs::path& path);

/// Throws Error(resource): `path` cannot be written; `error` is an errno.
[[noreturn]] void fail_writing(const fs::path& path, int error);

/// Renames a file or a folder. Throws Error(resource).
void rename_or_fail(const fs::path& from, const fs::path& to);

/// Writes new and changed names in a folder to the disk, if the system can.
void sync_folder(const fs::path& path);

/// Returns the folder that holds `path`: "." for a bare name.
fs::path parent_folder(const fs::path& path);

/// Returns the place that a link leads to, through up to 40 links, even if nothing is there; otherwise `path` itself.
fs::path follow_links(fs::path path);

/// Returns size and times of change of a file, for comparison only. It differs if the file was written to or exchanged,
/// even if its modification time was set back: nobody can set the time of change of an inode. "" if it is missing.
std::string file_state(const fs::path& path);

}  // namespace matcher
