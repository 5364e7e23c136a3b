#include "matcher/database/milvus/milvus.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <mutex>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "matcher/core/error.hpp"
#include "matcher/database/http/json_text.hpp"
#include "matcher/database/milvus/rest.hpp"
#include "matcher/database/milvus/rows.hpp"
#include "matcher/process/parallel.hpp"

namespace matcher::database {
namespace {

using nlohmann::json;

constexpr std::size_t body_bytes = 8u << 20;  // an eighth of the server's limit, and more when numbers are long
constexpr std::size_t rows_per_read = 4000, rows_per_read_with_vectors = 500;
constexpr std::size_t most_neighbours = 16384;
constexpr int breadth = 200;  // HNSW's ef

std::string ledger_of(const std::string& name) { return name + "__matcher"; }

/// The published name is an alias of the live version. A collection in Milvus holds no record, so the records of all
/// versions are stored in a small collection of their own, `<name>__matcher`.
class Milvus : public Database {
 public:
  Milvus(const Address& address, const Access& access)
      : rest_(address, access), in_flight_(access.in_flight), timeout_(access.timeout_s) {}

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
    rest_.call(action, {{"aliasName", name}, {"collectionName", version}});
  }

  std::optional<Collection> describe(const std::string& version) override {
    const auto answer = rest_.ask("collections/describe", {{"collectionName", version}});
    if (answer.at("code") == MilvusRest::no_collection) return std::nullopt;
    const auto data = rest_.checked("collections/describe", answer).at("data");
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
    const auto names = rest_.call("collections/list", json::object()).at("data");
    for (const auto& entry : names) {
      if (name_of_version(entry) != name) continue;
      if (auto collection = describe(entry)) found.push_back(std::move(*collection));
    }
    return found;
  }

  void create(const std::string& version, std::size_t dimension, const std::string& record) override {
    note(version, record);
    rest_.call("collections/create", version_body(version, dimension), false);
  }

  void note(const std::string& version, const std::string& record) override {
    const auto ledger = ledger_of(name_of_version(version));
    if (!exists(ledger)) rest_.call("collections/create", ledger_body(ledger), false);
    ensure_loaded(ledger);
    const auto rows = json::array({ledger_row(version, record)});
    rest_.call("entities/upsert", {{"collectionName", ledger}, {"data", rows}});
  }

  void drop(const std::string& version) override {
    rest_.call("collections/drop", {{"collectionName", version}});
    const std::string ids[] = {version};
    rest_.call("entities/delete",
               {{"collectionName", ledger_of(name_of_version(version))}, {"filter", filter_ids(ids)}});
  }

  void upsert(const std::string& version, std::span<const Row> rows, MatrixView vectors) override {
    auto body = open_body({{"collectionName", version}});
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (i > 0) body += ',';
      append_row(body, rows[i], vectors.row(i));
    }
    rest_.call_text("entities/upsert", body + "]}");
  }

  void remove(const std::string& version, std::span<const std::string> ids) override {
    rest_.call("entities/delete", {{"collectionName", version}, {"filter", filter_ids(ids)}});
  }

  std::size_t count(const std::string& version) override {
    const auto rows = query(version, "", {"count(*)"});
    return rows.at(0).at("count(*)");
  }

  void read(const std::string& version, bool with_vectors, const Reader& reader) override {
    const auto rows_each = with_vectors ? rows_per_read_with_vectors : rows_per_read;
    const auto ranges = std::clamp<std::size_t>(count(version) / rows_each, 1, milvus_buckets);
    json fields = {"id"};
    for (const auto* name : field_names) fields.push_back(name);
    if (with_vectors) fields.push_back("vector");
    for (std::size_t i = 0; i < ranges; ++i) {
      const auto filter =
          fmt::format("bucket >= {} && bucket < {}", i * milvus_buckets / ranges, (i + 1) * milvus_buckets / ranges);
      hand_over(query(version, filter, fields), with_vectors, reader);
    }
  }

  std::vector<std::pair<std::string, std::vector<float>>> vectors(const std::string& version,
                                                                  std::span<const std::string> ids) override {
    std::vector<std::pair<std::string, std::vector<float>>> found;
    for (const auto& entry : query(version, filter_ids(ids), {"id", "vector"}))
      found.emplace_back(entry.at("id"), entry.at("vector").get<std::vector<float>>());
    return found;
  }

  /// Sends one query per request: only newer versions mark where the answers to a query end.
  std::vector<std::vector<Found>> search(const std::string& version, MatrixView queries, std::size_t k) override {
    ensure_loaded(version);
    std::vector<std::vector<Found>> all(queries.rows);
    in_parallel(queries.rows, in_flight_, [&](std::size_t i) {
      const auto answer = rest_.call_text("entities/search", search_body(version, queries.row(i), k));
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

  /// Returns the start of a body whose last key is "data", a list.
  std::string open_body(const json& keys) const {
    auto text = dump(rest_.named(keys));
    text.back() = ',';
    return text + "\"data\":[";
  }

  std::string search_body(const std::string& version, std::span<const float> query, std::size_t k) const {
    auto body = open_body(
        {{"collectionName", version},
         {"annsField", "vector"},
         {"limit", k},
         {"outputFields", {"id"}},
         {"consistencyLevel", "Strong"},
         {"searchParams", {{"metricType", "COSINE"}, {"params", {{"ef", std::max<std::size_t>(breadth, k)}}}}}});
    append_floats(body, query);
    return body + "]}";
  }

  static void hand_over(const json& entries, bool with_vectors, const Reader& reader) {
    std::vector<Row> rows;
    Matrix vectors;
    for (const auto& entry : entries) {
      rows.push_back(row_from_entity(entry));
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
    return rest_
        .call(
            "entities/query",
            {{"collectionName", version}, {"filter", filter}, {"outputFields", fields}, {"consistencyLevel", "Strong"}})
        .at("data");
  }

  bool exists(const std::string& name) {
    const auto names = rest_.call("collections/list", json::object()).at("data");
    return std::ranges::find(names, json(name)) != names.end();
  }

  std::string alias_target(const std::string& name) {
    const auto answer = rest_.ask("aliases/describe", {{"aliasName", name}});
    if (answer.at("code") == MilvusRest::no_alias || answer.at("code") == MilvusRest::no_collection) return {};
    return rest_.checked("aliases/describe", answer).at("data").at("collectionName");
  }

  std::string record_of(const std::string& name, const std::string& version) {
    if (name.empty() || !exists(ledger_of(name))) return {};
    const std::string ids[] = {version};
    const auto rows = query(ledger_of(name), filter_ids(ids), {"record"});
    return rows.empty() ? std::string() : rows.at(0).value("record", "");
  }

  [[noreturn]] void refuse_foreign(const std::string& name) const {
    throw Error(ErrorCode::mismatch,
                fmt::format("collection \"{}\" of {} was not made by matcher; choose another name, or delete it there",
                            name, rest_.server()));
  }

  /// Waits until the server has loaded the collection into memory; before that it does not answer.
  void ensure_loaded(const std::string& version) {
    {
      const std::lock_guard lock(mutex_);
      if (loaded_.contains(version)) return;
    }
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::duration<double>(timeout_);
    for (bool asked = false;; asked = true) {
      const std::string state =
          rest_.call("collections/get_load_state", {{"collectionName", version}}).at("data").at("loadState");
      if (state == "LoadStateLoaded") break;
      if (!asked && state != "LoadStateLoading") rest_.call("collections/load", {{"collectionName", version}});
      if (std::chrono::steady_clock::now() > give_up)
        throw Error(ErrorCode::resource, fmt::format("{} did not load \"{}\" into memory within {} s ({})",
                                                     rest_.server(), version, timeout_, state));
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    const std::lock_guard lock(mutex_);
    loaded_.insert(version);
  }

  const MilvusRest rest_;
  const std::size_t in_flight_;
  const double timeout_;
  std::mutex mutex_;
  std::set<std::string> loaded_;
};

}  // namespace

std::shared_ptr<Database> connect_milvus(const Address& address, const Access& access) {
  return std::make_shared<Milvus>(address, access);
}

}  // namespace matcher::database
