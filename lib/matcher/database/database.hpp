// Collections of a vector database behind one interface. How a server is spoken to stays inside this layer.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "matcher/core/matrix.hpp"
#include "matcher/database/address.hpp"
#include "matcher/index/vector_index.hpp"

namespace matcher::database {

/// How a server may be spoken to; secrets come from the environment or the configuration, never from a command line.
struct Access {
  std::string token;                 ///< sent as "Authorization: Bearer TOKEN"; empty: not sent
  std::vector<std::string> headers;  ///< "Name: value", sent with every request
  std::string ca_file;               ///< certificates to trust instead of the system's
  double timeout_s = 120;            ///< for one request
  std::size_t in_flight = 4;         ///< requests at a time
};

/// What lies beside a vector: the id of its item, and values of the fields that describe it. An empty value is the same
/// as none.
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
  std::string record;         ///< the text noted when matcher made it; empty: matcher did not
  std::size_t dimension = 0;  ///< 0: it holds nothing yet
  std::string metric;         ///< cosine, l2, ip
};

struct Found {
  std::string id;
  float score = 0;  ///< cosine
};

/// What one request may carry.
struct Limits {
  std::size_t rows = 0, bytes = 0;
  std::size_t neighbours = 0;  ///< the most answers to one query
};

/// One server. A published name (`products`) points to one of its versions (`products__3f9c…`), the live one. Functions
/// may be called by several threads at once. All throw Error(resource), naming the server, for one that is not reached,
/// refuses the credentials, is full, or answers what cannot be understood; what may be repeated is repeated first.
class Database {
 public:
  virtual ~Database() = default;
  virtual std::string type() const = 0;  ///< "Chroma HNSW"
  virtual Limits limits() = 0;

  /// The live version of a name, empty when there is none. Throws Error(mismatch) when `name` is a collection that
  /// matcher did not make.
  virtual std::string live(const std::string& name) = 0;
  virtual void make_live(const std::string& name, const std::string& version) = 0;

  virtual std::optional<Collection> describe(const std::string& version) = 0;
  virtual std::vector<Collection> versions(const std::string& name) = 0;
  virtual void create(const std::string& version, std::size_t dimension, const std::string& record) = 0;
  virtual void note(const std::string& version, const std::string& record) = 0;  ///< replaces the record
  virtual void drop(const std::string& version) = 0;

  virtual void upsert(const std::string& version, std::span<const Row> rows, MatrixView vectors) = 0;
  virtual void remove(const std::string& version, std::span<const std::string> ids) = 0;
  virtual std::size_t count(const std::string& version) = 0;
  /// Hands over all rows, some at a time, with their vectors [n, d] when asked for, else with an empty matrix.
  using Reader = std::function<void(std::span<const Row>, MatrixView)>;
  virtual void read(const std::string& version, bool with_vectors, const Reader& reader) = 0;
  /// The vectors of `ids`; an id that is not there is left out.
  virtual std::vector<std::pair<std::string, std::vector<float>>> vectors(const std::string& version,
                                                                          std::span<const std::string> ids) = 0;
  /// The best k of each query [n, d], best first.
  virtual std::vector<std::vector<Found>> search(const std::string& version, MatrixView queries, std::size_t k) = 0;
};

/// Speaks to nobody yet.
std::shared_ptr<Database> connect(const Address& address, const Access& access);

/// "products__3f9c1a2b44d0" -> "products"; empty for a name that is no version's.
std::string name_of_version(const std::string& version);
std::string version_name(const std::string& name, const std::string& fingerprint);

/// Sends rows with their vectors [n, d], several requests at a time, each within the server's limits; one that is too
/// large for something on the way is halved. `progress` hears how many rows were sent, one call at a time.
void push(Database& database, const std::string& version, std::span<const Row> rows, MatrixView vectors,
          const Access& access, const std::function<void(std::size_t)>& progress);

/// A version as an index over the rows whose ids are `ids`. Throws, when it is searched, Error(mismatch) for an answer
/// that is none of them.
std::unique_ptr<index::VectorIndex> open(std::shared_ptr<Database> database, const std::string& version,
                                         std::size_t dimension, std::span<const std::string> ids);

}  // namespace matcher::database
