#include "matcher/database/chroma/chroma.hpp"

#include <fmt/format.h>

#include <map>
#include <mutex>
#include <nlohmann/json.hpp>

#include "matcher/database/chroma/rows.hpp"
#include "matcher/database/http/http.hpp"
#include "matcher/database/http/json_text.hpp"
#include "matcher/process/parallel.hpp"

namespace matcher::database {
namespace {

using nlohmann::json;

constexpr const char* live_key = "matcher_live";
constexpr const char* lock_key = "matcher_lock";
constexpr std::size_t default_ef = 200;
constexpr std::size_t page_rows = 1000, page_rows_with_vectors = 300;
constexpr std::size_t body_bytes = 8u << 20;  // a fifth of the server's limit
constexpr std::size_t queries_per_request = 16;

/// The message in an answer, or the start of another answer.
std::string explain(const std::string& body) {
  const auto answer = json::parse(body, nullptr, false);
  const bool has_message = answer.is_object() && answer.contains("message") && answer["message"].is_string();
  return excerpt(has_message ? answer["message"].get<std::string>() : body);
}

/// A version is a collection whose metadata holds its record. Chroma has no aliases: the published name is an empty
/// collection whose metadata points to the live version.
class Chroma : public Database {
 public:
  Chroma(const Address& address, const Access& access)
      : http_(address, access, fmt::format("chroma run --host {} --port {}", address.host, address.port)),
        in_flight_(access.in_flight),
        root_(fmt::format("/api/v2/tenants/{}/databases/{}", address.tenant.empty() ? "default_tenant" : address.tenant,
                          address.database.empty() ? "default_database" : address.database)) {}

  std::string type() const override { return "Chroma"; }
  bool has_index(IndexType type) const override { return type == IndexType::hnsw; }

  Limits limits() override {
    const std::lock_guard lock(mutex_);
    if (limits_) return *limits_;
    const auto answer = call({"GET", "/api/v2/pre-flight-checks", {}, true});
    base64_ = answer.value("supports_base64_encoding", false);
    limits_ = Limits{std::max<std::size_t>(1, answer.value("max_batch_size", std::size_t{1000})), body_bytes, 10000};
    return *limits_;
  }

  std::string live(const std::string& name) override {
    const auto pointer = find(name);
    if (!pointer) return {};
    const auto& metadata = pointer->at("metadata");
    if (metadata.is_object() && metadata.contains(live_key)) return metadata.at(live_key);
    throw Error(ErrorCode::mismatch,
                fmt::format("collection \"{}\" of {} was not made by matcher; choose another name, or delete it there",
                            name, http_.server()));
  }

  void make_live(const std::string& name, const std::string& version) override {
    const json metadata = {{live_key, version}};
    if (const auto pointer = find(name)) return replace_metadata(pointer->at("id"), metadata);
    const json body = {{"name", name}, {"get_or_create", false}, {"metadata", metadata}};
    if (!create_collection(name, body)) replace_metadata(id_of(name), metadata);
  }

  std::optional<Collection> describe(const std::string& version) override {
    const auto found = find(version);
    return found ? std::optional(collection_from_entry(*found)) : std::nullopt;
  }

  std::vector<Collection> versions(const std::string& name) override {
    constexpr std::size_t page = 100;
    std::vector<Collection> found;
    for (std::size_t offset = 0;; offset += page) {
      const auto list = call({"GET", fmt::format("{}/collections?limit={}&offset={}", root_, page, offset), {}, true});
      for (const auto& entry : list) {
        if (name_of_version(entry.at("name")) == name) found.push_back(collection_from_entry(entry));
      }
      if (list.size() < page) return found;
    }
  }

  void create(const std::string& version, std::size_t, const std::string& record, const IndexChoice&) override {
    const json body = {
        {"name", version},
        {"get_or_create", false},
        {"metadata", {{chroma_record_key, record}}},
        {"configuration",
         {{"hnsw",
           {{"space", "cosine"}, {"ef_construction", 200}, {"max_neighbors", 32}, {"ef_search", default_ef}}}}}};
    if (create_collection(version, body)) return;
    throw Error(
        ErrorCode::resource,
        fmt::format("another matcher created \"{}\" of {} meanwhile. Wait until it ends, then run the command again",
                    version, http_.server()));
  }

  void note(const std::string& version, const std::string& record) override {
    replace_metadata(id_of(version), {{chroma_record_key, record}});
  }

  void drop(const std::string& version) override {
    call({"DELETE", fmt::format("{}/collections/{}", root_, version), {}, false});
    const std::lock_guard lock(mutex_);
    ids_.erase(version);
  }

  void upsert(const std::string& version, std::span<const Row> rows, MatrixView vectors) override {
    call({"POST", path(version, "upsert"), upsert_body(rows, vectors, base64()), true});
  }

  void remove(const std::string& version, std::span<const std::string> ids) override {
    call({"POST", path(version, "delete"), dump({{"ids", ids}}), true});
  }

  void settle(const std::string&) override {}

  std::size_t count(const std::string& version) override { return call({"GET", path(version, "count"), {}, true}); }

  void read(const std::string& version, bool with_vectors, const Reader& reader) override {
    const auto page = with_vectors ? page_rows_with_vectors : page_rows;
    json include = {"metadatas"};
    if (with_vectors) include.push_back("embeddings");
    for (std::size_t offset = 0;; offset += page) {
      const auto answer =
          call({"POST", path(version, "get"), dump({{"limit", page}, {"offset", offset}, {"include", include}}), true});
      const auto& ids = answer.at("ids");
      std::vector<Row> rows;
      Matrix vectors;
      for (std::size_t i = 0; i < ids.size(); ++i) {
        rows.push_back(row_from_metadata(ids[i], answer.at("metadatas")[i]));
        if (!with_vectors) continue;
        const auto vector = answer.at("embeddings")[i].get<std::vector<float>>();
        vectors.data.insert(vectors.data.end(), vector.begin(), vector.end());
        vectors.cols = vector.size();
        ++vectors.rows;
      }
      if (!rows.empty()) reader(rows, vectors.view());
      if (ids.size() < page) return;
    }
  }

  std::vector<std::pair<std::string, std::vector<float>>> vectors(const std::string& version,
                                                                  std::span<const std::string> ids) override {
    const auto answer = call({"POST", path(version, "get"), dump({{"ids", ids}, {"include", {"embeddings"}}}), true});
    std::vector<std::pair<std::string, std::vector<float>>> found;
    for (std::size_t i = 0; i < answer.at("ids").size(); ++i)
      found.emplace_back(answer.at("ids")[i], answer.at("embeddings")[i].get<std::vector<float>>());
    return found;
  }

  std::vector<std::vector<Found>> search(const std::string& version, MatrixView queries, std::size_t k,
                                         const Conditions& conditions) override {
    std::vector<std::vector<Found>> all(queries.rows);
    const auto blocks = (queries.rows + queries_per_request - 1) / queries_per_request;
    in_parallel(blocks, in_flight_, [&](std::size_t block) {
      const auto first = block * queries_per_request;
      const auto count = std::min(queries_per_request, queries.rows - first);
      const auto answer =
          call({"POST", path(version, "query"), query_body(queries.slice(first, count), k, conditions), true});
      for (std::size_t i = 0; i < count; ++i) {
        const auto &ids = answer.at("ids").at(i), &distances = answer.at("distances").at(i);
        for (std::size_t j = 0; j < ids.size(); ++j)
          all[first + i].push_back({ids[j], float(1 - distances[j].get<double>())});
      }
    });
    return all;
  }

  void set_effort(const std::string& version, std::size_t effort) override {
    const json settings = {{"hnsw", {{"ef_search", effort > 0 ? effort : default_ef}}}};
    call({"PUT", fmt::format("{}/collections/{}", root_, id_of(version)), dump({{"new_configuration", settings}}),
          true});
  }
  bool keeps_effort() const override { return true; }

  bool create_lock(const std::string& name, const std::string& text) override {
    const auto collection = lock_name(name);
    const json body = {{"name", collection}, {"get_or_create", false}, {"metadata", {{lock_key, text}}}};
    return create_collection(collection, body);
  }

  std::optional<std::string> read_lock(const std::string& name) override {
    const auto found = find(lock_name(name));
    if (!found) return std::nullopt;
    const auto& metadata = found->at("metadata");
    return metadata.is_object() ? metadata.value(lock_key, "") : std::string();
  }

  void write_lock(const std::string& name, const std::string& text) override {
    replace_metadata(id_of(lock_name(name)), {{lock_key, text}});
  }

  void drop_lock(const std::string& name) override {
    const Request request{"DELETE", fmt::format("{}/collections/{}", root_, lock_name(name)), {}, false};
    const auto response = http_.send(request);
    if (response.status / 100 != 2 && response.status != 404) fail(request, response);
    const std::lock_guard lock(mutex_);
    ids_.erase(lock_name(name));
  }

 private:
  /// Returns false if the collection exists.
  bool create_collection(const std::string& name, const json& body) {
    const Request request{"POST", root_ + "/collections", dump(body), false};
    const auto response = http_.send(request);
    if (response.status == 409) return false;
    if (response.status / 100 != 2) fail(request, response);
    const auto answer = parse(request, response);
    const std::lock_guard lock(mutex_);
    ids_[name] = answer.at("id");
    return true;
  }

  json parse(const Request& request, const Response& response) const {
    auto answer = json::parse(response.body, nullptr, false);
    if (!answer.is_discarded()) return answer;
    throw Error(ErrorCode::resource,
                fmt::format("{} answered {} {} with something that is not JSON ({}: {}); is it a Chroma server?",
                            http_.server(), request.method, request.path, response.status, excerpt(response.body)));
  }

  [[noreturn]] void fail(const Request& request, const Response& response) const {
    throw Error(ErrorCode::resource, fmt::format("{} refused {} {} ({}): {}", http_.server(), request.method,
                                                 request.path, response.status, explain(response.body)));
  }

  json call(const Request& request) const {
    const auto response = http_.send(request);
    if (response.status / 100 != 2) fail(request, response);
    return parse(request, response);
  }

  /// Returns nothing for 404.
  std::optional<json> find(const std::string& name) {
    const Request request{"GET", fmt::format("{}/collections/{}", root_, name), {}, true};
    const auto response = http_.send(request);
    if (response.status == 404) {
      check_is_chroma(request, response);
      return std::nullopt;
    }
    if (response.status / 100 != 2) fail(request, response);
    auto answer = parse(request, response);
    const std::lock_guard lock(mutex_);
    ids_[name] = answer.at("id");
    return answer;
  }

  /// Checks that a 404 is Chroma's. The 404 of another web server does not mean "no such collection".
  void check_is_chroma(const Request& request, const Response& response) const {
    const auto answer = json::parse(response.body, nullptr, false);
    if (answer.is_object() && answer.value("error", "") == "NotFoundError") return;
    throw Error(ErrorCode::resource,
                fmt::format("{} does not know {} ({}: {}); is it a Chroma server of version 1 or "
                            "later, and are tenant and database correct?",
                            http_.server(), request.path, response.status, excerpt(response.body)));
  }

  std::string id_of(const std::string& version) {
    {
      const std::lock_guard lock(mutex_);
      if (const auto known = ids_.find(version); known != ids_.end()) return known->second;
    }
    const auto found = find(version);
    if (found) return found->at("id");
    throw Error(ErrorCode::resource, fmt::format("collection \"{}\" of {} is gone", version, http_.server()));
  }

  std::string path(const std::string& version, const char* action) {
    return fmt::format("{}/collections/{}/{}", root_, id_of(version), action);
  }

  void replace_metadata(const std::string& id, const json& metadata) {
    call({"PUT", fmt::format("{}/collections/{}", root_, id), dump({{"new_metadata", metadata}}), true});
  }

  bool base64() {
    limits();
    return base64_;
  }

  const Http http_;
  const std::size_t in_flight_;
  const std::string root_;
  std::mutex mutex_;
  std::map<std::string, std::string> ids_;  ///< name -> id on the server
  std::optional<Limits> limits_;
  bool base64_ = false;
};

}  // namespace

std::shared_ptr<Database> connect_chroma(const Address& address, const Access& access) {
  return std::make_shared<Chroma>(address, access);
}

}  // namespace matcher::database
