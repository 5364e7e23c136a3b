// Versions of a collection that are there, and the index made of one.
#pragma once

#include <optional>

#include "matcher/pipeline/remote_record.hpp"

namespace matcher::pipeline {

struct RemoteVersion {
  std::string name;
  RemoteRecord record;
};

/// Nothing when it is not there or `name` is empty. `where` is the address, for messages. Throws Error(mismatch) for a
/// collection that matcher did not make, or of another metric or dimension than its record says.
std::optional<RemoteVersion> find_version(database::Database& database, const std::string& name,
                                          const std::string& where);

}  // namespace matcher::pipeline
