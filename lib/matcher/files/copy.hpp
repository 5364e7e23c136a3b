// Copies files.
#pragma once

#include <filesystem>

namespace matcher {

/// Copies the content of a file to a new file, or to one that it replaces, and flushes it. Throws Error(input) if
/// `from` is unreadable, Error(resource) if `to` cannot be written.
void copy_content(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace matcher
