#include "matcher/database/chroma/chroma.hpp"

#include <fmt/format.h>

#include <mutex>
#include <nlohmann/json.hpp>

#include "matcher/database/chroma/collections.hpp"
#include "matcher/database/chroma/rows.hpp"
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

/// A version is a collection whose metadata holds its record. Chroma has no aliases: the published name is an empty
/// collection whose metadata points to the live version.
class Chroma : public Database {
 public:
  Chroma(const Address& address, const Access& access) : collections_(address, access), in_flight_(access.in_flight) {}

  std::string type() const override { return "Chroma"; }
  bool has_index(IndexType type) const override { return type == IndexType::hnsw; }

  Limits limits() override {
    const std::lock_guard lock(mutex_);
    if (limits_) return *limits_;
    const auto answer = collections_.call({"GET", "/api/v2/pre-flight-checks", {}, true});
    base64_ = answer.value("supports_base64_encoding", false);
    limits_ = Limits{std::max<std::size_t>(1, answer.value("max_batch_size", std::size_t{1000})), body_bytes, 10000};
    return *limits_;
  }

  std::string live(const std::string& name) override {
    const auto pointer = collections_.find(name);
    if (!pointer) return {};
    const auto& metadata = pointer->at("metadata");
    if (metadata.is_object() && metadata.contains(live_key)) return metadata.at(live_key);
    throw Error(ErrorCode::mismatch,
                fmt::format("collection \"{}\" of {} was not made by matcher; choose another name, or delete it there",
                            name, collections_.server()));
  }

  void make_live(const std::string& name, const std::string& version) override {
    const json metadata = {{live_key, version}};
    if (collections_.find(name)) return collections_.replace_metadata(name, metadata);
    const json body = {{"name", name}, {"get_or_create", false}, {"metadata", metadata}};
    if (!collections_.create(name, body)) collections_.replace_metadata(name, metadata);
  }

  std::optional<Collection> describe(const std::string& version) override {
    const auto found = collections_.find(version);
    return found ? std::optional(collection_from_entry(*found)) : std::nullopt;
  }

  std::vector<Collection> versions(const std::string& name) override {
    constexpr std::size_t page = 100;
    std::vector<Collection> found;
    for (std::size_t offset = 0;; offset += page) {
      const auto list = collections_.list(page, offset);
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
    if (collections_.create(version, body)) return;
    throw Error(
        ErrorCode::resource,
        fmt::format("another matcher created \"{}\" of {} meanwhile. Wait until it ends, then run the command again",
                    version, collections_.server()));
  }

  void note(const std::string& version, const std::string& record) override {
    collections_.replace_metadata(version, {{chroma_record_key, record}});
  }

  void drop(const std::string& version) override { collections_.drop(version, false); }

  void upsert(const std::string& version, std::span<const Row> rows, MatrixView vectors) override {
    collections_.post(version, "upsert", upsert_body(rows, vectors, base64()));
  }

  void remove(const std::string& version, std::span<const std::string> ids) override {
    collections_.post(version, "delete", dump({{"ids", ids}}));
  }

  void settle(const std::string&) override {}

  std::size_t count(const std::string& version) override { return collections_.get(version, "count"); }

  void read(const std::string& version, bool with_vectors, const Reader& reader) override {
    const auto page = with_vectors ? page_rows_with_vectors : page_rows;
    json include = {"metadatas"};
    if (with_vectors) include.push_back("embeddings");
    for (std::size_t offset = 0;; offset += page) {
      const auto answer =
          collections_.post(version, "get", dump({{"limit", page}, {"offset", offset}, {"include", include}}));
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
    const auto answer = collections_.post(version, "get", dump({{"ids", ids}, {"include", {"embeddings"}}}));
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
      const auto answer = collections_.post(version, "query", query_body(queries.slice(first, count), k, conditions));
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
    collections_.configure(version, settings);
  }
  bool keeps_effort() const override { return true; }

  bool create_lock(const std::string& name, const std::string& text) override {
    const auto collection = lock_name(name);
    const json body = {{"name", collection}, {"get_or_create", false}, {"metadata", {{lock_key, text}}}};
    return collections_.create(collection, body);
  }

  std::optional<std::string> read_lock(const std::string& name) override {
    const auto found = collections_.find(lock_name(name));
    if (!found) return std::nullopt;
    const auto& metadata = found->at("metadata");
    return metadata.is_object() ? metadata.value(lock_key, "") : std::string();
  }

  void write_lock(const std::string& name, const std::string& text) override {
    collections_.replace_metadata(lock_name(name), {{lock_key, text}});
  }

  void drop_lock(const std::string& name) override { collections_.drop(lock_name(name), true); }

 private:
  bool base64() {
    limits();
    return base64_;
  }

  ChromaCollections collections_;
  const std::size_t in_flight_;
  std::mutex mutex_;
  std::optional<Limits> limits_;
  bool base64_ = false;
};

}  // namespace

std::shared_ptr<Database> connect_chroma(const Address& address, const Access& access) {
  return std::make_shared<Chroma>(address, access);
}

}  // namespace matcher::database
