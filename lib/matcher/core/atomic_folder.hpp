// Finishes what a killed AtomicFolder left, and publishes a folder that was filled elsewhere.
#pragma once

#include <string>
#include <vector>

#include "matcher/core/file.hpp"

namespace matcher {

/// Finishes what killed AtomicFolders of `target` left: a replaced folder goes to its place, an adopted one goes back,
/// half-written ones are removed. Leaves folders without a mark, links, and the work of running processes alone. Throws
/// Error(resource).
void finish_replacement(const fs::path& target);

/// Moves a complete folder with a mark, which is beside the target of `to`, to `to.path()`; takes the mark and the
/// files `without` out of it. Without commit(), also after a kill, the folder is moved back. Throws Error(resource).
void adopt_folder(const AtomicFolder& to, const fs::path& folder, const std::vector<std::string>& without);

}  // namespace matcher
