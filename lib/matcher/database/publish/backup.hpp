// Writes a version of a collection as an embedding set.
#pragma once

#include <cstddef>
#include <filesystem>

#include "matcher/core/observer.hpp"
#include "matcher/database/database.hpp"
#include "matcher/database/versions/version.hpp"

namespace matcher::database {

/// Returns the number of items written. Throws Error(usage) if `folder` holds something else than an embedding set,
/// Error(mismatch) if the version changes meanwhile.
std::size_t back_up(Database& database, const Version& version, const std::filesystem::path& folder,
                    Observer& observer);

}  // namespace matcher::database
