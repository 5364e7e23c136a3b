// Notices that another process writes to the same version.
#pragma once

#include <string>

#include "matcher/database/database.hpp"

namespace matcher::database {

/// Marks a version as being changed by this process, in the `writer` of its record. Whoever starts later takes the mark
/// over, and the earlier process stops at its next check: it would mix its items with those of the other.
class Lease {
 public:
  /// `where` is the address, for messages. Borrows `database`, which must outlive this object.
  Lease(Database& database, std::string version, std::string where);

  const std::string& writer() const { return writer_; }
  /// Throws Error(resource) if another process has taken the version over.
  void check() const;

 private:
  Database& database_;
  const std::string version_, where_, writer_;
};

}  // namespace matcher::database
