// Proves a live version without writing to it.
#pragma once

#include "matcher/database/database.hpp"
#include "matcher/database/publish.hpp"

namespace matcher::database {

/// Checks as check_collection().
CollectionCheck check_live(Database& database, const Address& address);

}  // namespace matcher::database
