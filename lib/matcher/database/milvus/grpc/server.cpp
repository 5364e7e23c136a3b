#include "matcher/database/milvus/grpc/server.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <mutex>

#include "matcher/core/error.hpp"
#include "matcher/database/milvus/grpc/calls.hpp"
#include "matcher/database/milvus/grpc/collections.hpp"
#include "matcher/database/milvus/grpc/index_parameters.hpp"
#include "matcher/database/milvus/grpc/locks.hpp"
#include "matcher/database/milvus/grpc/pairs.hpp"
#include "matcher/database/milvus/grpc/rows.hpp"
#include "matcher/database/milvus/grpc/search.hpp"
#include "matcher/process/parallel.hpp"

namespace matcher::database {
namespace {

constexpr std::size_t body_bytes = 8u << 20;  // an eighth of the smallest limit
constexpr std::size_t page_rows = 4000, page_rows_with_vectors = 1000;
constexpr std::size_t most_neighbours = 16384;
constexpr std::size_t queries_per_request = 64;
constexpr const char* record_key = "matcher.record";

using Service = Calls::Service;

std::size_t to_number(const std::string& text) {
  std::size_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

/// A version is a collection whose properties hold its record. The published name is an alias of the live version.
class Milvus : public Database {
 public:
  Milvus(const Address& address, const Access& access)
      : calls_(address, access),
        collections_(calls_, access.timeout_s),
        locks_(calls_, collections_),
        in_flight_(access.in_flight) {}

  std::string type() const override { return "Milvus"; }
  Limits limits() override { return {5000, body_bytes, most_neighbours}; }
  bool has_index(IndexType) const override { return true; }

  std::string live(const std::string& name) override {
    const auto found = collections_.find(name);
    if (!found) return {};
    const auto& target = found->schema().name();  // Milvus 2.3 repeats the alias in the answer's own name
    if (name_of_version(target) != name || find_pair(found->properties(), record_key).empty()) refuse_foreign(name);
    return target;
  }

  void make_live(const std::string& name, const std::string& version) override {
    auto request = collections_.named<wire::AliasRequest>(version);
    request.set_alias(name);
    if (collections_.find(name))
      calls_.call("AlterAlias", &Service::AlterAlias, request);
    else
      calls_.call("CreateAlias", &Service::CreateAlias, request);
  }

  std::optional<Collection> describe(const std::string& version) override {
    const auto found = collections_.find(version);
    if (!found) return std::nullopt;
    Collection collection{version, find_pair(found->properties(), record_key), 0, {}};
    for (const auto& field : found->schema().fields()) {
      if (field.name() == vector_field) collection.dimension = to_number(find_pair(field.parameters(), "dim"));
    }
    const auto index = collections_.find_index(version);
    collection.metric = metric_of(index ? &*index : nullptr);
    if (index) collection.index = describe_index(*index);
    return collection;
  }

  std::vector<Collection> versions(const std::string& name) override {
    std::vector<Collection> found;
    wire::ShowCollectionsRequest request;
    request.set_db_name(calls_.database());
    const auto answer = calls_.call("ShowCollections", &Service::ShowCollections, request);
    for (const auto& entry : answer.names()) {
      if (name_of_version(entry) != name) continue;
      if (auto collection = describe(entry)) found.push_back(std::move(*collection));
    }
    return found;
  }

  void create(const std::string& version, std::size_t dimension, const std::string& record,
              const IndexChoice& index) override {
    auto request = collections_.named<wire::CreateCollectionRequest>(version);
    request.set_schema(version_schema(version, dimension).SerializeAsString());
    add_pair(*request.mutable_properties(), record_key, record);
    collections_.create(std::move(request), index);
  }

  void note(const std::string& version, const std::string& record) override {
    collections_.set_property(version, record_key, record);
  }

  void drop(const std::string& version) override { collections_.drop(version); }

  void upsert(const std::string& version, std::span<const Row> rows, MatrixView vectors) override {
    collections_.ensure_loaded(version);
    auto request = collections_.named<wire::UpsertRequest>(version);
    add_rows(request, rows, vectors);
    const auto lock = lock_writes();
    calls_.call("Upsert", &Service::Upsert, request);
  }

  void remove(const std::string& version, std::span<const std::string> ids) override {
    collections_.ensure_loaded(version);
    auto request = collections_.named<wire::DeleteRequest>(version);
    request.set_expression(filter_ids(ids));
    const auto lock = lock_writes();
    calls_.call("Delete", &Service::Delete, request);
  }

  /// Seals what was written, and waits for its index.
  void settle(const std::string& version) override {
    collections_.ensure_loaded(version);
    wire::FlushRequest request;
    request.set_db_name(calls_.database());
    request.add_collections(version);
    {
      const auto lock = lock_writes();
      calls_.call("Flush", &Service::Flush, request);
    }
    collections_.wait_for_index(version);
  }

  std::size_t count(const std::string& version) override {
    const auto answer = query(version, {}, {"count(*)"}, 0);
    if (answer.columns_size() > 0 && answer.columns(0).scalars().longs().data_size() > 0)
      return std::size_t(answer.columns(0).scalars().longs().data(0));
    throw Error(ErrorCode::resource, fmt::format("{} did not count the items of \"{}\"", calls_.server(), version));
  }

  void read(const std::string& version, bool with_vectors, const Reader& reader) override {
    std::vector<std::string> fields(std::begin(field_names), std::end(field_names));
    fields.emplace_back(id_field);
    if (with_vectors) fields.emplace_back(vector_field);
    const auto page = with_vectors ? page_rows_with_vectors : page_rows;
    for (std::string last, filter;;) {
      const auto answer = query(version, filter, fields, page);
      const auto rows = rows_of(answer);
      for (const auto& row : rows) last = std::max(last, row.id);
      if (rows.empty()) return;  // a full server also ends a page early, where one of its segments ends
      reader(rows, with_vectors ? vectors_of(answer) : MatrixView{});
      filter = filter_after(last);
    }
  }

  std::vector<std::pair<std::string, std::vector<float>>> vectors(const std::string& version,
                                                                  std::span<const std::string> ids) override {
    std::vector<std::pair<std::string, std::vector<float>>> found;
    const auto answer = query(version, filter_ids(ids), {id_field, vector_field}, 0);
    const auto rows = rows_of(answer);
    const auto matrix = vectors_of(answer);
    for (std::size_t i = 0; i < std::min(rows.size(), matrix.rows); ++i)
      found.emplace_back(rows[i].id, std::vector<float>(matrix.row(i).begin(), matrix.row(i).end()));
    return found;
  }

  std::vector<std::vector<Found>> search(const std::string& version, MatrixView queries, std::size_t k,
                                         const Conditions& conditions) override {
    const auto parameters = search_parameters(collections_.ensure_loaded(version), effort_of(version), k);
    std::vector<std::vector<Found>> all(queries.rows);
    const auto blocks = (queries.rows + queries_per_request - 1) / queries_per_request;
    in_parallel(blocks, in_flight_, [&](std::size_t block) {
      const auto first = block * queries_per_request;
      const auto count = std::min(queries_per_request, queries.rows - first);
      auto request = collections_.named<wire::SearchRequest>(version);
      add_search(request, queries.slice(first, count), k, conditions, parameters);
      append_found(calls_.call("Search", &Service::Search, request), calls_.server(),
                   std::span(all).subspan(first, count));
    });
    return all;
  }

  void set_effort(const std::string& version, std::size_t effort) override {
    const std::lock_guard lock(mutex_);
    efforts_[version] = effort;
  }
  bool keeps_effort() const override { return false; }

  bool create_lock(const std::string& name, const std::string& text) override { return locks_.create(name, text); }
  std::optional<std::string> read_lock(const std::string& name) override { return locks_.read(name); }
  void write_lock(const std::string& name, const std::string& text) override { locks_.write(name, text); }
  void drop_lock(const std::string& name) override { locks_.drop(name); }

 private:
  wire::QueryAnswer query(const std::string& version, const std::string& filter, std::vector<std::string> fields,
                          std::size_t limit) {
    collections_.ensure_loaded(version);
    auto request = collections_.named<wire::QueryRequest>(version);
    request.set_expression(filter);
    for (auto& field : fields) request.add_fields(std::move(field));
    if (limit > 0) {
      add_pair(*request.mutable_parameters(), "limit", fmt::format("{}", limit));
      // Rows in the order of their ids, as the pages of Milvus's own clients ask for them.
      add_pair(*request.mutable_parameters(), "iterator", "True");
      add_pair(*request.mutable_parameters(), "reduce_stop_for_best", "True");
    }
    return calls_.call("Query", &Service::Query, request);
  }

  std::size_t effort_of(const std::string& version) {
    const std::lock_guard lock(mutex_);
    const auto known = efforts_.find(version);
    return known == efforts_.end() ? 0 : known->second;
  }

  [[noreturn]] void refuse_foreign(const std::string& name) const {
    throw Error(ErrorCode::mismatch,
                fmt::format("collection \"{}\" of {} was not made by matcher; choose another name, or delete it there",
                            name, calls_.server()));
  }

  /// Milvus Lite writes to a collection for one request at a time only.
  std::unique_lock<std::mutex> lock_writes() {
    std::call_once(asked_, [&] {
      const auto answer = calls_.call("GetVersion", &Service::GetVersion, wire::GetVersionRequest());
      is_lite_ = answer.text().starts_with("milvus_lite");
    });
    return is_lite_ ? std::unique_lock(writes_) : std::unique_lock<std::mutex>();
  }

  const Calls calls_;
  Collections collections_;
  const Locks locks_;
  const std::size_t in_flight_;
  std::mutex mutex_, writes_;
  std::once_flag asked_;
  bool is_lite_ = false;
  std::map<std::string, std::size_t> efforts_;
};

}  // namespace

std::unique_ptr<Database> make_milvus(const Address& address, const Access& access) {
  return std::make_unique<Milvus>(address, access);
}

}  // namespace matcher::database
