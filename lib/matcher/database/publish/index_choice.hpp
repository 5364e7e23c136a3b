// Chooses the index that a server builds for a version.
#pragma once

#include <cstddef>
#include <string>

#include "matcher/database/database.hpp"
#include "matcher/database/publish.hpp"

namespace matcher::database {

/// Throws Error(usage) for a type that the server does not have.
void check_index_type(const Database& database, const std::string& type);

/// Plans the index for vectors [count, dimension] as index::plan() does, with target.type and target.memory_budget.
/// Throws as check_index_type() and index::plan().
IndexChoice choose_index(const Database& database, const PublishTarget& target, std::size_t count,
                         std::size_t dimension);

}  // namespace matcher::database
