// Asks the file system about paths. Errors name the path and the reason; a question with a simple answer never throws.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace matcher {

/// True if something exists at `path` and is reachable.
bool path_exists(const std::filesystem::path& path);
/// True for a regular file, or a link to one.
bool is_file(const std::filesystem::path& path);
/// True for a folder, or a link to one.
bool is_folder(const std::filesystem::path& path);

/// Returns "does not exist", "is a folder", or "cannot be reached (Permission denied)": the end of a sentence about a
/// missing path, or about a folder in the place of a file.
std::string why_missing(const std::filesystem::path& path);

/// Returns the absolute form without "." and "..". "" is the current folder. Throws Error(input) if that was removed.
std::filesystem::path absolute_path(const std::filesystem::path& path);

/// Lists the entries of a folder, sorted. Throws Error(input).
std::vector<std::filesystem::path> list_folder(const std::filesystem::path& folder);

/// Lists the entries of a folder, sorted; none if it is unreadable. Throws Error(resource) if descriptors run out.
std::vector<std::filesystem::path> list_if_readable(const std::filesystem::path& folder);

/// True if this user may read `path`.
bool is_readable(const std::filesystem::path& path);

/// Returns the file of the running program; "" if the system does not say.
std::filesystem::path program_file();

}  // namespace matcher
