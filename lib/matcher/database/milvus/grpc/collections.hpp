// The collections of a Milvus server: their properties, their index, and whether they are in memory.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "matcher/database/database.hpp"
#include "matcher/database/milvus/grpc/calls.hpp"

namespace matcher::database {

/// Several threads may use it at once. It borrows the calls, which must outlive it.
class Collections {
 public:
  /// `timeout_s` limits the time without progress of an index, and the time to load a collection.
  Collections(const Calls& calls, double timeout_s) : calls_(calls), timeout_s_(timeout_s) {}

  /// Returns a request that names the database and the collection.
  template <typename Request>
  Request named(const std::string& collection) const {
    Request request;
    request.set_db_name(calls_.database());
    request.set_collection(collection);
    return request;
  }

  /// Returns nothing if neither a collection nor an alias has this name.
  std::optional<wire::DescribeCollectionAnswer> find(const std::string& name) const;
  void set_property(const std::string& collection, const char* key, const std::string& value) const;

  /// Creates a collection whose properties hold the index that its vectors get.
  void create(wire::CreateCollectionRequest request, const IndexChoice& index);
  void drop(const std::string& collection);

  /// Returns the index of the vectors; nothing if there is none yet.
  std::optional<wire::Index> find_index(const std::string& collection) const;
  /// Waits until the index has all rows. Throws Error(resource) if the server fails, or makes no progress.
  void wait_for_index(const std::string& collection) const;

  /// Creates the index if an interrupted run did not, and waits until the collection is in memory. Returns the index.
  IndexChoice ensure_loaded(const std::string& collection);

 private:
  std::optional<IndexChoice> find_loaded(const std::string& collection);
  void create_index(const std::string& collection, const IndexChoice& index) const;
  void load(const std::string& collection) const;
  std::chrono::steady_clock::time_point deadline() const;

  const Calls& calls_;
  const double timeout_s_;
  std::mutex mutex_, loading_;
  std::map<std::string, IndexChoice> loaded_;
};

}  // namespace matcher::database
