// Finds versions of a collection and checks their records.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "matcher/database/database.hpp"
#include "matcher/database/publish.hpp"
#include "matcher/database/versions/record.hpp"

namespace matcher::database {

struct Version {
  std::string name;
  VersionRecord record;
  std::string index{};  ///< type and parameters, as the server gives them
};

/// Returns nothing if the version does not exist or `name` is empty. `where` is the address, for messages. Throws
/// Error(mismatch) if matcher did not create it, or if its metric or dimension is not that of its record.
std::optional<Version> find_version(Database& database, const std::string& name, const std::string& where);

/// Returns the live version of the name that `address` gives; nothing if there is none. Throws as find_version(), and
/// Error(mismatch) if the live version was deleted.
std::optional<Version> find_live(Database& database, const Address& address);

/// Returns the versions of the name that are of a model, the oldest generation first. Leaves damaged ones out.
std::vector<Version> find_generations(Database& database, const Address& address, const std::string& fingerprint);

/// Tells how much of a version with `count` records changed since it was built.
Churn churn_of(const VersionRecord& record, std::size_t count);

/// Makes the version live that was live before. Throws Error(input) if there is none that is complete.
RestoredVersion restore_previous(Database& database, const Address& address);

}  // namespace matcher::database
