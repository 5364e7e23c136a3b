#include "matcher/database/milvus/grpc/server.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "matcher/core/error.hpp"
#include "matcher/database/milvus/grpc/calls.hpp"
#include "matcher/database/milvus/grpc/index_parameters.hpp"
#include "matcher/database/milvus/grpc/pairs.hpp"
#include "matcher/database/milvus/grpc/rows.hpp"
#include "matcher/process/parallel.hpp"

namespace matcher::database {
namespace {

constexpr std::size_t body_bytes = 8u << 20;  // an eighth of the smallest limit
constexpr std::size_t page_rows = 4000, page_rows_with_vectors = 1000;
constexpr std::size_t most_neighbours = 16384;
constexpr std::size_t queries_per_request = 64;
constexpr const char* record_key = "matcher.record";
constexpr const char* lock_key = "matcher.lock";
constexpr const char* index_key = "matcher.index";  // "hnsw", "ivf-flat 512"
constexpr int finished = 3, failed_state = 4, loaded = 3, not_loaded = 1;

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
      : calls_(address, access), in_flight_(access.in_flight), timeout_(access.timeout_s) {}

  std::string type() const override { return "Milvus"; }
  Limits limits() override { return {5000, body_bytes, most_neighbours}; }
  bool has_index(IndexType) const override { return true; }

  std::string live(const std::string& name) override {
    const auto found = find(name);
    if (!found) return {};
    const auto& target = found->schema().name();  // Milvus 2.3 repeats the alias in the answer's own name
    if (name_of_version(target) != name || find_pair(found->properties(), record_key).empty()) refuse_foreign(name);
    return target;
  }

  void make_live(const std::string& name, const std::string& version) override {
    auto request = named<wire::AliasRequest>(version);
    request.set_alias(name);
    if (find(name))
      calls_.call("AlterAlias", &Service::AlterAlias, request);
    else
      calls_.call("CreateAlias", &Service::CreateAlias, request);
  }

  std::optional<Collection> describe(const std::string& version) override {
    const auto found = find(version);
    if (!found) return std::nullopt;
    Collection collection{version, find_pair(found->properties(), record_key), 0, {}};
    for (const auto& field : found->schema().fields()) {
      if (field.name() == vector_field) collection.dimension = to_number(find_pair(field.parameters(), "dim"));
    }
    describe_index_of(collection);
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
    auto request = named<wire::CreateCollectionRequest>(version);
    request.set_schema(version_schema(version, dimension).SerializeAsString());
    add_pair(*request.mutable_properties(), record_key, record);
    add_pair(*request.mutable_properties(), index_key, index_text(index));
    calls_.call("CreateCollection", &Service::CreateCollection, request, Repeat::unless_done);
    ensure_loaded(version);
  }

  void note(const std::string& version, const std::string& record) override { alter(version, record_key, record); }

  void drop(const std::string& version) override {
    calls_.call("DropCollection", &Service::DropCollection, named<wire::CollectionRequest>(version),
                Repeat::unless_done);
    const std::lock_guard lock(mutex_);
    loaded_.erase(version);
  }

  void upsert(const std::string& version, std::span<const Row> rows, MatrixView vectors) override {
    ensure_loaded(version);
    auto request = named<wire::UpsertRequest>(version);
    add_rows(request, rows, vectors);
    const auto lock = lock_writes();
    calls_.call("Upsert", &Service::Upsert, request);
  }

  void remove(const std::string& version, std::span<const std::string> ids) override {
    ensure_loaded(version);
    auto request = named<wire::DeleteRequest>(version);
    request.set_expression(filter_ids(ids));
    const auto lock = lock_writes();
    calls_.call("Delete", &Service::Delete, request);
  }

  /// Seals what was written, and waits for its index.
  void settle(const std::string& version) override {
    ensure_loaded(version);
    wire::FlushRequest request;
    request.set_db_name(calls_.database());
    request.add_collections(version);
    {
      const auto lock = lock_writes();
      calls_.call("Flush", &Service::Flush, request);
    }
    wait_for_index(version);
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
    ensure_loaded(version);
    std::vector<std::vector<Found>> all(queries.rows);
    const auto blocks = (queries.rows + queries_per_request - 1) / queries_per_request;
    in_parallel(blocks, in_flight_, [&](std::size_t block) {
      const auto first = block * queries_per_request;
      const auto count = std::min(queries_per_request, queries.rows - first);
      const auto request = search_request(version, queries.slice(first, count), k, conditions);
      hand_out(calls_.call("Search", &Service::Search, request), std::span(all).subspan(first, count));
    });
    return all;
  }

  void set_effort(const std::string& version, std::size_t effort) override {
    const std::lock_guard lock(mutex_);
    efforts_[version] = effort;
  }
  bool keeps_effort() const override { return false; }

  bool create_lock(const std::string& name, const std::string& text) override {
    const auto collection = lock_name(name);
    auto request = named<wire::CreateCollectionRequest>(collection);
    request.set_schema(lock_schema(collection, text).SerializeAsString());
    add_pair(*request.mutable_properties(), lock_key, text);
    const auto status = calls_.ask("CreateCollection", &Service::CreateCollection, request, Repeat::unless_done);
    if (!Calls::is_success(status) && !find(collection)) calls_.check("CreateCollection", status);
    return Calls::is_success(status);
  }

  std::optional<std::string> read_lock(const std::string& name) override {
    const auto found = find(lock_name(name));
    return found ? std::optional(find_pair(found->properties(), lock_key)) : std::nullopt;
  }

  void write_lock(const std::string& name, const std::string& text) override { alter(lock_name(name), lock_key, text); }

  void drop_lock(const std::string& name) override {
    const auto status = calls_.ask("DropCollection", &Service::DropCollection,
                                   named<wire::CollectionRequest>(lock_name(name)), Repeat::unless_done);
    if (!Calls::is_missing(status)) calls_.check("DropCollection", status);
  }

 private:
  template <typename Request>
  Request named(const std::string& collection) const {
    Request request;
    request.set_db_name(calls_.database());
    request.set_collection(collection);
    return request;
  }

  std::optional<wire::DescribeCollectionAnswer> find(const std::string& name) const {
    auto answer = calls_.ask("DescribeCollection", &Service::DescribeCollection, named<wire::CollectionRequest>(name));
    if (Calls::is_missing(answer.status())) return std::nullopt;
    calls_.check("DescribeCollection", answer.status());
    return answer;
  }

  void alter(const std::string& collection, const char* key, const std::string& value) {
    auto request = named<wire::AlterCollectionRequest>(collection);
    add_pair(*request.mutable_properties(), key, value);
    calls_.call("AlterCollection", &Service::AlterCollection, request);
  }

  /// Returns the index of the vectors; nothing if there is none yet.
  std::optional<wire::Index> find_index(const std::string& version) const {
    auto request = named<wire::DescribeIndexRequest>(version);
    request.set_field(vector_field);
    auto answer = calls_.ask("DescribeIndex", &Service::DescribeIndex, request);
    if (Calls::is_missing_index(answer.status())) return std::nullopt;
    calls_.check("DescribeIndex", answer.status());
    const auto found = std::ranges::find(answer.indexes(), vector_field, &wire::Index::field);
    return found == answer.indexes().end() ? std::nullopt : std::optional(*found);
  }

  void describe_index_of(Collection& collection) const {
    const auto index = find_index(collection.name);
    collection.metric = metric_of(index ? &*index : nullptr);
    if (index) collection.index = describe_index(*index);
  }

  void create_index(const std::string& version, const IndexChoice& index) {
    auto request = named<wire::CreateIndexRequest>(version);
    request.set_field(vector_field);
    request.set_name(vector_field);
    add_index_parameters(request, index);
    calls_.call("CreateIndex", &Service::CreateIndex, request);
  }

  void wait_for_index(const std::string& version) const {
    auto give_up = deadline();
    for (std::int64_t before = -1;;) {
      const auto index = find_index(version);
      if (!index) return;
      if (index->state() == failed_state)
        throw Error(ErrorCode::resource, fmt::format("{} could not build the index of \"{}\": {}", calls_.server(),
                                                     version, index->failure()));
      if (index->state() == finished && index->pending_rows() == 0) return;
      if (index->indexed_rows() != before) give_up = deadline();
      before = index->indexed_rows();
      if (std::chrono::steady_clock::now() > give_up)
        throw Error(ErrorCode::resource,
                    fmt::format("{} made no progress with the index of \"{}\" within {} s: {} of {} rows are in it",
                                calls_.server(), version, timeout_, index->indexed_rows(), index->total_rows()));
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
    }
  }

  wire::QueryAnswer query(const std::string& version, const std::string& filter, std::vector<std::string> fields,
                          std::size_t limit) {
    ensure_loaded(version);
    auto request = named<wire::QueryRequest>(version);
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

  wire::SearchRequest search_request(const std::string& version, MatrixView queries, std::size_t k,
                                     const Conditions& conditions) {
    auto request = named<wire::SearchRequest>(version);
    request.set_expression(filter_values(conditions));
    request.set_placeholders(placeholders_of(queries));
    request.set_expression_type(1);
    request.set_queries(std::int64_t(queries.rows));
    auto& pairs = *request.mutable_parameters();
    add_pair(pairs, "anns_field", vector_field);
    add_pair(pairs, "topk", fmt::format("{}", k));
    add_pair(pairs, "metric_type", "COSINE");
    add_pair(pairs, "round_decimal", "-1");
    add_pair(pairs, "params", parameters_of(version, k));
    return request;
  }

  std::string parameters_of(const std::string& version, std::size_t k) {
    const std::lock_guard lock(mutex_);
    return search_parameters(indexes_[version], efforts_[version], k);
  }

  void hand_out(const wire::SearchAnswer& answer, std::span<std::vector<Found>> all) const {
    const auto& result = answer.result();
    const auto& ids = result.ids().texts().data();
    if (result.counts_size() != int(all.size()) || ids.size() != result.scores_size()) {
      if (ids.empty() && result.scores_size() == 0) return;  // an empty collection
      throw Error(ErrorCode::resource,
                  fmt::format("{} answered {} queries with {} lists of {} ids and {} scores", calls_.server(),
                              all.size(), result.counts_size(), ids.size(), result.scores_size()));
    }
    int at = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
      for (std::int64_t j = 0; j < result.counts(int(i)) && at < ids.size(); ++j, ++at)
        all[i].push_back({ids[at], result.scores(at)});
    }
  }

  [[noreturn]] void refuse_foreign(const std::string& name) const {
    throw Error(ErrorCode::mismatch,
                fmt::format("collection \"{}\" of {} was not made by matcher; choose another name, or delete it there",
                            name, calls_.server()));
  }

  std::chrono::steady_clock::time_point deadline() const {
    return std::chrono::steady_clock::now() +
           std::chrono::duration_cast<std::chrono::steady_clock::duration>(std::chrono::duration<double>(timeout_));
  }

  /// Creates the index if an interrupted run did not, and waits until the collection is in memory.
  void ensure_loaded(const std::string& version) {
    const std::lock_guard lock(loading_);
    if (is_loaded(version)) return;
    const auto found = find(version);
    if (!found)
      throw Error(ErrorCode::resource, fmt::format("collection \"{}\" of {} is gone", version, calls_.server()));
    const auto index = parse_index(find_pair(found->properties(), index_key));
    if (!find_index(version)) create_index(version, index);
    load(version);
    const std::lock_guard state(mutex_);
    indexes_[version] = index;
    loaded_.insert(version);
  }

  bool is_loaded(const std::string& version) {
    const std::lock_guard lock(mutex_);
    return loaded_.contains(version);
  }

  void load(const std::string& version) const {
    wire::LoadStateRequest request;
    request.set_db_name(calls_.database());
    request.set_collection(version);
    const auto give_up = deadline();
    for (bool asked = false;; asked = true) {
      const auto state = calls_.call("GetLoadState", &Service::GetLoadState, request).state();
      if (state == loaded) return;
      if (!asked && state <= not_loaded)
        calls_.call("LoadCollection", &Service::LoadCollection, named<wire::CollectionRequest>(version));
      if (std::chrono::steady_clock::now() > give_up)
        throw Error(ErrorCode::resource,
                    fmt::format("{} did not load \"{}\" into memory within {} s", calls_.server(), version, timeout_));
      if (asked) std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
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
  const std::size_t in_flight_;
  const double timeout_;
  std::mutex mutex_, loading_, writes_;
  std::once_flag asked_;
  bool is_lite_ = false;
  std::set<std::string> loaded_;
  std::map<std::string, IndexChoice> indexes_;
  std::map<std::string, std::size_t> efforts_;
};

}  // namespace

std::unique_ptr<Database> make_milvus(const Address& address, const Access& access) {
  return std::make_unique<Milvus>(address, access);
}

}  // namespace matcher::database
