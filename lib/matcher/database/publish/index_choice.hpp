// Chooses the index that a server builds for a version.
#pragma once

#include <cstddef>

#include "matcher/database/database.hpp"
#include "matcher/database/publish.hpp"

namespace matcher::database {

/// Plans the index for vectors [count, dimension] as index::plan() does, with target.type and target.memory_budget.
/// Throws Error(usage) for a type that the server does not have, and as index::plan().
IndexChoice choose_index(const Database& database, const PublishTarget& target, std::size_t count,
                         std::size_t dimension);

}  // namespace matcher::database
