// Checks that results can be written, before the hours of work that lead to them.
#pragma once

#include <filesystem>

namespace matcher {

/// Checks that a file can be created or replaced at `path`. Leaves devices, pipes and open descriptors alone. Throws
/// Error(resource).
void check_file_place(const std::filesystem::path& path);

/// Checks that a file can be created at `path`, or that text can be appended to it. Throws Error(resource).
void check_append_place(const std::filesystem::path& path);

/// Checks that a folder can be created or replaced at `path`, also if folders above it are missing. Throws
/// Error(resource).
void check_folder_place(const std::filesystem::path& path);

}  // namespace matcher
