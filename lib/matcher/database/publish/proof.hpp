// Proves that a version holds what was sent: counts its items, reads vectors back and searches it.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "matcher/database/database.hpp"
#include "matcher/database/publish.hpp"

namespace matcher::database {

/// Compares a version with vectors [n, d]. A fixed seed draws up to 200 that are read back, and up to 100 that are
/// searched. An answer counts as one of the ten if its score is that of the exact tenth, to 1e-5.
Proof prove(const std::shared_ptr<Database>& database, const std::string& version, MatrixView vectors,
            std::span<const std::string> ids, double min_agreement);

}  // namespace matcher::database
