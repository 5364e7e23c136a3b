// Proves that a version holds what was sent: counts its items, reads vectors back and searches it.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "matcher/database/database.hpp"
#include "matcher/database/publish.hpp"
#include "matcher/index/vector_source.hpp"

namespace matcher::database {

/// Compares a version with vectors [n, d]. Searches the `changed` rows by their own vectors, all up to 3,000, otherwise
/// 3,000 drawn at random. A fixed seed draws up to 200 that are read back, and up to 100 that are
/// searched. An answer counts as one of the ten if its score is that of the exact tenth, to 1e-5.
Proof prove(const std::shared_ptr<Database>& database, const std::string& version, const index::VectorSource& vectors,
            std::span<const std::string> ids, std::span<const std::size_t> changed, double min_agreement);

}  // namespace matcher::database
