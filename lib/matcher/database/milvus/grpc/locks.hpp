// Locks of names: each is a collection without rows, which a server creates for one process only.
#pragma once

#include <optional>
#include <string>

#include "matcher/database/milvus/grpc/collections.hpp"

namespace matcher::database {

/// It borrows calls and collections, which must outlive it.
class Locks {
 public:
  Locks(const Calls& calls, const Collections& collections) : calls_(calls), collections_(collections) {}

  /// Returns false if the lock exists.
  bool create(const std::string& name, const std::string& text) const;
  /// Returns nothing if there is no lock.
  std::optional<std::string> read(const std::string& name) const;
  void write(const std::string& name, const std::string& text) const;
  /// Does nothing if there is no lock.
  void drop(const std::string& name) const;

 private:
  const Calls& calls_;
  const Collections& collections_;
};

}  // namespace matcher::database
