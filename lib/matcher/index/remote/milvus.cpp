// Milvus's REST API, version 2. The published name is an alias of the live version. A collection takes no notes of ours
// when it is made, so the records of all versions lie in a small collection of their own, `<name>__matcher`.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <mutex>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "matcher/core/hash.hpp"
#include "matcher/index/remote/body.hpp"
#include "matcher/index/remote/http.hpp"
#include "matcher/index/remote/parallel.hpp"
#include "matcher/index/remote/retry.hpp"
#include "matcher/index/remote/servers.hpp"

namespace matcher::index::remote {
namespace {

using nlohmann::json;

constexpr int no_collection = 100, no_alias = 1600, no_access = 1800;
constexpr std::size_t body_bytes = 8u << 20;  // an eighth of the server's limit, and more when numbers are long
constexpr std::size_t buckets = 1024;         // rows are read by ranges of a hash, as a limit would cap them at 16,384
constexpr std::size_t rows_a_read = 4000, rows_a_read_with_vectors = 500;
constexpr std::size_t longest_id = 1024, longest_field = 65535, most_neighbours = 16384;
constexpr int breadth = 200;  // HNSW's ef

struct Call {
  const char* path;
  json body;
  bool repeatable = true;
};

bool is_good(int code) { return code == 0 || code == 200; }  // 200 before version 2.4.2

bool is_temporary(int code) { return code == 1 || code == 8 || code == 103 || code == 1807; }

std::size_t bucket_of(const std::string& id) {
  return std::stoul(Hasher().field(id).hex().substr(0, 8), nullptr, 16) % buckets;
}

std::string dumped(const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

json text_field(const char* name, std::size_t longest, bool is_primary = false) {
  json field = {{"fieldName", name},
                {"dataType", "VarChar"},
                {"elementTypeParams", {{"max_length", fmt::format("{}", longest)}}}};
  if (is_primary) field["isPrimary"] = true;
  return field;
}

json vector_field(std::size_t dimension) {
  return {{"fieldName", "vector"},
          {"dataType", "FloatVector"},
          {"elementTypeParams", {{"dim", fmt::format("{}", dimension)}}}};
}

json collection_body(const std::string& name, json fields, const char* index, const json& index_params) {
  return {
      {"collectionName", name},
      {"schema", {{"autoId", false}, {"autoID", false}, {"enableDynamicField", true}, {"fields", std::move(fields)}}},
      {"indexParams",
       {{{"fieldName", "vector"},
         {"indexName", "vector"},
         {"metricType", "COSINE"},
         {"indexType", index},
         {"params", index_params}}}},
      {"params", {{"consistencyLevel", "Strong"}}}};
}

std::string ledger_of(const std::string& name) { return name + "__matcher"; }

std::string in_list(std::span<const std::string> ids) { return "id in " + dumped(json(ids)); }

Row row_of(const json& entry) {
  Row row{entry.at("id"), {}};
  for (const auto* name : field_names) row.values.push_back(entry.value(name, ""));
  return row;
}

class Milvus : public Database {
 public:
  Milvus(const Address& address, const Access& access)
      : http_(address, access, "see docs/milvus.md"),
        in_flight_(access.in_flight),
        timeout_(access.timeout_s),
        database_(address.database) {}

  std::string type() const override { return "Milvus HNSW"; }
  Limits limits() override { return {5000, body_bytes, most_neighbours}; }

  std::string live(const std::string& name) override {
    auto target = alias_target(name);
    if (target.empty()) {
      if (exists(name)) refuse_foreign(name);
      return {};
    }
    if (name_of_version(target) != name || record_of(name, target).empty()) refuse_foreign(name);
    return target;
  }

  void make_live(const std::string& name, const std::string& version) override {
    const auto* action = alias_target(name).empty() ? "aliases/create" : "aliases/alter";
    call({action, {{"aliasName", name}, {"collectionName", version}}});
  }

  std::optional<Collection> describe(const std::string& version) override {
    const auto answer = ask({"collections/describe", {{"collectionName", version}}});
    if (answer.at("code") == no_collection) return std::nullopt;
    const auto data = checked("collections/describe", answer).at("data");
    Collection collection{version, record_of(name_of_version(version), version), 0, {}};
    for (const auto& field : data.at("fields")) {
      if (field.value("name", "") == "vector") collection.dimension = dimension_of(field);
    }
    for (const auto& index : data.value("indexes", json::array())) {
      if (index.value("fieldName", "") == "vector") collection.metric = lower(index.value("metricType", ""));
    }
    return collection;
  }

  std::vector<Collection> versions(const std::string& name) override {
    std::vector<Collection> found;
    const auto names = call({"collections/list", json::object()}).at("data");
    for (const auto& entry : names) {
      if (name_of_version(entry) != name) continue;
      if (auto collection = describe(entry)) found.push_back(std::move(*collection));
    }
    return found;
  }

  void create(const std::string& version, std::size_t dimension, const std::string& record) override {
    note(version, record);
    json fields = {text_field("id", longest_id, true),
                   vector_field(dimension),
                   {{"fieldName", "bucket"}, {"dataType", "Int32"}, {"elementTypeParams", json::object()}}};
    for (const auto* name : field_names) fields.push_back(text_field(name, longest_field));
    call({"collections/create",
          collection_body(version, std::move(fields), "HNSW",
                          {{"index_type", "HNSW"}, {"M", "16"}, {"efConstruction", "200"}}),
          false});
  }

  void note(const std::string& version, const std::string& record) override {
    const auto ledger = ledger_of(name_of_version(version));
    if (!exists(ledger)) {
      call({"collections/create",
            collection_body(ledger,
                            {text_field("id", longest_id, true), vector_field(2), text_field("record", longest_field)},
                            "FLAT", {{"index_type", "FLAT"}}),
            false});
    }
    ensure_loaded(ledger);
    const json row = {{"id", version}, {"vector", {1.0, 0.0}}, {"record", record}};
    call({"entities/upsert", {{"collectionName", ledger}, {"data", json::array({row})}}});
  }

  void drop(const std::string& version) override {
    call({"collections/drop", {{"collectionName", version}}});
    const std::string ids[] = {version};
    call({"entities/delete", {{"collectionName", ledger_of(name_of_version(version))}, {"filter", in_list(ids)}}});
  }

  void upsert(const std::string& version, std::span<const Row> rows, MatrixView vectors) override {
    std::string body = "{\"collectionName\":";
    append_text(body, version);
    if (!database_.empty()) {
      body += ",\"dbName\":";
      append_text(body, database_);
    }
    body += ",\"data\":[";
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (i > 0) body += ',';
      append_row(body, rows[i], vectors.row(i));
    }
    body += "]}";
    checked("entities/upsert", ask("entities/upsert", std::move(body), true));
  }

  void remove(const std::string& version, std::span<const std::string> ids) override {
    call({"entities/delete", {{"collectionName", version}, {"filter", in_list(ids)}}});
  }

  std::size_t count(const std::string& version) override {
    const auto rows = query(version, "", {"count(*)"});
    return rows.at(0).at("count(*)");
  }

  void read(const std::string& version, bool with_vectors, const Reader& reader) override {
    const auto rows_each = with_vectors ? rows_a_read_with_vectors : rows_a_read;
    const auto ranges = std::clamp<std::size_t>(count(version) / rows_each, 1, buckets);
    json fields = {"id"};
    for (const auto* name : field_names) fields.push_back(name);
    if (with_vectors) fields.push_back("vector");
    for (std::size_t i = 0; i < ranges; ++i) {
      const auto filter = fmt::format("bucket >= {} && bucket < {}", i * buckets / ranges, (i + 1) * buckets / ranges);
      hand_over(query(version, filter, fields), with_vectors, reader);
    }
  }

  std::vector<std::pair<std::string, std::vector<float>>> vectors(const std::string& version,
                                                                  std::span<const std::string> ids) override {
    std::vector<std::pair<std::string, std::vector<float>>> found;
    for (const auto& entry : query(version, in_list(ids), {"id", "vector"}))
      found.emplace_back(entry.at("id"), entry.at("vector").get<std::vector<float>>());
    return found;
  }

  /// One query a request: in an answer to several, where one ends is said by newer versions only.
  std::vector<std::vector<Found>> search(const std::string& version, MatrixView queries, std::size_t k) override {
    ensure_loaded(version);
    std::vector<std::vector<Found>> all(queries.rows);
    in_parallel(queries.rows, in_flight_, [&](std::size_t i) {
      const auto answer =
          checked("entities/search", ask("entities/search", search_body(version, queries.row(i), k), true));
      for (const auto& entry : answer.at("data")) all[i].push_back({entry.at("id"), entry.at("distance").get<float>()});
    });
    return all;
  }

 private:
  static std::string lower(std::string text) {
    for (auto& c : text) c = c >= 'A' && c <= 'Z' ? char(c + 32) : c;
    return text;
  }

  static std::size_t dimension_of(const json& field) {
    for (const auto& parameter : field.value("params", json::array())) {
      if (parameter.value("key", "") == "dim") return std::stoul(parameter.value("value", "0"));
    }
    return 0;
  }

  void append_row(std::string& body, const Row& row, std::span<const float> vector) const {
    check_length("id", row.id, longest_id, row.id);
    body += fmt::format("{{\"bucket\":{},\"id\":", bucket_of(row.id));
    append_text(body, row.id);
    for (std::size_t i = 0; i < row.values.size(); ++i) {
      check_length(field_names[i], row.values[i], longest_field, row.id);
      body += fmt::format(",\"{}\":", field_names[i]);
      append_text(body, row.values[i]);
    }
    body += ",\"vector\":";
    append_floats(body, vector);
    body += '}';
  }

  static void check_length(const char* field, const std::string& value, std::size_t longest, const std::string& id) {
    if (value.size() <= longest) return;
    throw Error(ErrorCode::input, fmt::format("the {} of item \"{}\" has {} bytes; Milvus takes {}", field,
                                              id.substr(0, 80), value.size(), longest));
  }

  std::string search_body(const std::string& version, std::span<const float> query, std::size_t k) const {
    json body =
        named({{"collectionName", version},
               {"annsField", "vector"},
               {"limit", k},
               {"outputFields", {"id"}},
               {"consistencyLevel", "Strong"},
               {"searchParams", {{"metricType", "COSINE"}, {"params", {{"ef", std::max<std::size_t>(breadth, k)}}}}}});
    auto text = dumped(body);
    text.back() = ',';
    text += "\"data\":[";
    append_floats(text, query);
    return text + "]}";
  }

  static void hand_over(const json& entries, bool with_vectors, const Reader& reader) {
    std::vector<Row> rows;
    Matrix vectors;
    for (const auto& entry : entries) {
      rows.push_back(row_of(entry));
      if (!with_vectors) continue;
      const auto vector = entry.at("vector").get<std::vector<float>>();
      vectors.data.insert(vectors.data.end(), vector.begin(), vector.end());
      vectors.cols = vector.size();
      ++vectors.rows;
    }
    if (!rows.empty()) reader(rows, vectors.view());
  }

  json query(const std::string& version, const std::string& filter, const json& fields) {
    ensure_loaded(version);
    return call({"entities/query",
                 {{"collectionName", version},
                  {"filter", filter},
                  {"outputFields", fields},
                  {"consistencyLevel", "Strong"}}})
        .at("data");
  }

  bool exists(const std::string& name) {
    const auto names = call({"collections/list", json::object()}).at("data");
    return std::ranges::find(names, json(name)) != names.end();
  }

  std::string alias_target(const std::string& name) {
    const auto answer = ask({"aliases/describe", {{"aliasName", name}}});
    if (answer.at("code") == no_alias || answer.at("code") == no_collection) return {};
    return checked("aliases/describe", answer).at("data").at("collectionName");
  }

  std::string record_of(const std::string& name, const std::string& version) {
    if (name.empty() || !exists(ledger_of(name))) return {};
    const std::string ids[] = {version};
    const auto rows = query(ledger_of(name), in_list(ids), {"record"});
    return rows.empty() ? std::string() : rows.at(0).value("record", "");
  }

  [[noreturn]] void refuse_foreign(const std::string& name) const {
    throw Error(ErrorCode::mismatch,
                fmt::format("collection \"{}\" of {} was not made by matcher; choose another name, or delete it there",
                            name, http_.server()));
  }

  /// A collection answers only when it is loaded into memory.
  void ensure_loaded(const std::string& version) {
    {
      const std::lock_guard lock(mutex_);
      if (loaded_.contains(version)) return;
    }
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::duration<double>(timeout_);
    for (bool asked = false;; asked = true) {
      const std::string state =
          call({"collections/get_load_state", {{"collectionName", version}}}).at("data").at("loadState");
      if (state == "LoadStateLoaded") break;
      if (!asked && state != "LoadStateLoading") call({"collections/load", {{"collectionName", version}}});
      if (std::chrono::steady_clock::now() > give_up)
        throw Error(ErrorCode::resource, fmt::format("{} did not load \"{}\" into memory within {} s ({})",
                                                     http_.server(), version, timeout_, state));
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    const std::lock_guard lock(mutex_);
    loaded_.insert(version);
  }

  json named(json body) const {
    if (!database_.empty()) body["dbName"] = database_;
    return body;
  }

  json call(const Call& wanted) const { return checked(wanted.path, ask(wanted)); }

  json ask(const Call& wanted) const { return ask(wanted.path, dumped(named(wanted.body)), wanted.repeatable); }

  /// The answer with whatever code, after what may be tried again was tried again.
  json ask(const char* path, std::string body, bool repeatable) const {
    const Request request{"POST", fmt::format("/v2/vectordb/{}", path), std::move(body), repeatable};
    const RetryPolicy policy;
    for (int made = 1;; ++made) {
      auto answer = parse(request, http_.send(request));
      const int code = answer.at("code");
      if (is_good(code) || !is_temporary(code)) return answer;
      const Outcome busy{Transport::answered, code == 8 ? 429 : 503, std::nullopt,
                         says_disk_full(answer.value("message", ""))};
      const auto wait = wait_before_next(policy, busy, repeatable, true, made);
      if (!wait) return answer;
      std::this_thread::sleep_for(std::chrono::duration<double>(*wait));
    }
  }

  json parse(const Request& request, const Response& response) const {
    auto answer = json::parse(response.body, nullptr, false);
    if (answer.is_object() && answer.contains("code") && answer.at("code").is_number_integer()) return answer;
    throw Error(ErrorCode::resource,
                fmt::format("{} answered {} with {}: {}; is it a Milvus of version 2.4 or later?", http_.server(),
                            request.path, response.status, excerpt(response.body)));
  }

  json checked(const char* path, json answer) const {
    const int code = answer.at("code");
    if (is_good(code)) return answer;
    const auto message = answer.value("message", "");
    if (code == no_access) {
      throw Error(ErrorCode::resource, fmt::format("{} refused the credentials: {}; put user:password or a key into "
                                                   "$MATCHER_SERVER_TOKEN",
                                                   http_.server(), message));
    }
    throw Error(ErrorCode::resource, fmt::format("{} {} {} (code {}): {}", http_.server(),
                                                 says_disk_full(message) ? "has no disk space left for" : "refused",
                                                 path, code, excerpt(message)));
  }

  const Http http_;
  const std::size_t in_flight_;
  const double timeout_;
  const std::string database_;
  std::mutex mutex_;
  std::set<std::string> loaded_;
};

}  // namespace

std::shared_ptr<Database> connect_milvus(const Address& address, const Access& access) {
  return std::make_shared<Milvus>(address, access);
}

}  // namespace matcher::index::remote
