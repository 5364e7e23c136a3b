// Collections of a vector database behind one interface.
// A new database is a folder with a `connect_` function, a scheme in address.cpp and one line in database.cpp.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "matcher/core/error.hpp"
#include "matcher/core/matrix.hpp"
#include "matcher/database/access.hpp"
#include "matcher/database/address.hpp"
#include "matcher/database/names.hpp"
#include "matcher/index/row_filter.hpp"

namespace matcher::database {

/// A row beside its vector: the id of an item, and values of the fields that describe it. An empty value equals none.
struct Row {
  std::string id;
  std::vector<std::string> values;  ///< in the order of field_names
  bool operator==(const Row&) const = default;
};

inline constexpr const char* field_names[] = {"label",    "path", "role",         "split",      "view",
                                              "category", "text", "content_hash", "vector_hash"};

/// A collection as the server describes it.
struct Collection {
  std::string name;
  std::string record;         ///< the text that matcher stored with it; empty: matcher did not create it
  std::size_t dimension = 0;  ///< 0: it holds nothing yet
  std::string metric;         ///< cosine, l2, ip
  std::string index{};        ///< type and parameters, as the server gives them: "HNSW M=16 efConstruction=200"
};

/// The index of a version.
struct IndexChoice {
  IndexType type = IndexType::hnsw;
  std::size_t lists = 0;  ///< for ivf_flat
};

struct Found {
  std::string id;
  float score = 0;  ///< cosine
};

/// Conditions on fields of field_names; none: every row.
using Conditions = std::vector<index::ColumnCondition>;

/// Limits of one request.
struct Limits {
  std::size_t rows = 0, bytes = 0;
  std::size_t neighbours = 0;  ///< the most answers to one query
};

/// A request that is too large for the server, or for something on the way to it (413).
class TooLarge : public Error {
 public:
  using Error::Error;
};

/// One server. A published name (`products`) points to one of its versions (`products__3f9c…`), the live one. Functions
/// may be called by several threads at once. They repeat requests that may be repeated. All throw Error(resource) with
/// the server if it is not reached, refuses the credentials, is full, or gives an answer that is not as documented.
class Database {
 public:
  virtual ~Database() = default;
  virtual std::string type() const = 0;  ///< "Chroma"
  virtual Limits limits() = 0;
  virtual bool has_index(IndexType type) const = 0;

  /// Returns the live version of a name; empty if there is none. Throws Error(mismatch) if `name` is a collection that
  /// matcher did not create.
  virtual std::string live(const std::string& name) = 0;
  virtual void make_live(const std::string& name, const std::string& version) = 0;

  virtual std::optional<Collection> describe(const std::string& version) = 0;
  virtual std::vector<Collection> versions(const std::string& name) = 0;
  virtual void create(const std::string& version, std::size_t dimension, const std::string& record,
                      const IndexChoice& index) = 0;
  virtual void note(const std::string& version, const std::string& record) = 0;  ///< replaces the record
  virtual void drop(const std::string& version) = 0;

  virtual void upsert(const std::string& version, std::span<const Row> rows, MatrixView vectors) = 0;
  virtual void remove(const std::string& version, std::span<const std::string> ids) = 0;
  /// Waits until the index of the server holds all that was written.
  virtual void settle(const std::string& version) = 0;
  virtual std::size_t count(const std::string& version) = 0;
  /// Reads all rows, some at a time, with their vectors [n, d] if requested, otherwise with an empty matrix.
  using Reader = std::function<void(std::span<const Row>, MatrixView)>;
  virtual void read(const std::string& version, bool with_vectors, const Reader& reader) = 0;
  /// Returns the vectors of `ids`, without those that do not exist.
  virtual std::vector<std::pair<std::string, std::vector<float>>> vectors(const std::string& version,
                                                                          std::span<const std::string> ids) = 0;
  /// Returns the best k of each query [n, d], best first, of the rows that meet all conditions.
  virtual std::vector<std::vector<Found>> search(const std::string& version, MatrixView queries, std::size_t k,
                                                 const Conditions& conditions) = 0;
  /// Sets the breadth of all later searches: ef of HNSW, lists to visit (nprobe) of ivf_flat. 0: the default.
  virtual void set_effort(const std::string& version, std::size_t effort) = 0;
  /// True if the server keeps the effort; otherwise each client sets it again.
  virtual bool keeps_effort() const = 0;

  /// Locks of names. create_lock() returns false if the lock exists; of two that call it at once, one gets true.
  virtual bool create_lock(const std::string& name, const std::string& text) = 0;
  virtual std::optional<std::string> read_lock(const std::string& name) = 0;
  virtual void write_lock(const std::string& name, const std::string& text) = 0;
  virtual void drop_lock(const std::string& name) = 0;
};

/// Prepares a client. The first request contacts the server.
std::shared_ptr<Database> connect(const Address& address, const Access& access);

}  // namespace matcher::database
