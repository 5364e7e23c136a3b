// Checks that results can be written, before the hours of work that lead to them.
#pragma once

#include <filesystem>
#include <string_view>

namespace matcher {

/// Checks that a file can be created or replaced at `path`. Leaves devices, pipes and open descriptors alone. Throws
/// Error(resource).
void check_file_place(const std::filesystem::path& path);

/// Checks that a file can be created at `path`, or that text can be appended to it. Throws Error(resource).
void check_append_place(const std::filesystem::path& path);

/// Checks that a printed result is not written among the files of a stored artefact. Throws Error(usage) otherwise.
void check_outside_artefact(const std::filesystem::path& file);

/// Returns true if two paths lead to one regular file, also through links, or would once it exists.
bool is_same_file(const std::filesystem::path& a, const std::filesystem::path& b);

/// Checks that a folder can be created or replaced at `path`, also if folders above it are missing. Throws
/// Error(resource).
void check_folder_place(const std::filesystem::path& path);

/// Checks that an artefact may replace `path` (check_replaceable() of files/file.hpp), and that a folder can be created
/// there. Throws Error(usage), Error(resource).
void check_artefact_place(const std::filesystem::path& path, std::string_view schema);

}  // namespace matcher
