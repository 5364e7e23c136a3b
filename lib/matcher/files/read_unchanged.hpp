// Reads the files of a folder as one artefact, while another process may replace it.
#pragma once

#include <filesystem>
#include <functional>

namespace matcher {

/// Calls `read` until the manifest.json of `folder` is the same before and after, so that all files come from one
/// artefact. An error counts only then. Throws Error(resource) if another process replaces the folder again and again.
void read_unchanged(const std::filesystem::path& folder, const std::function<void()>& read);

}  // namespace matcher
