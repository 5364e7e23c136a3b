#include "matcher/database/chroma/rows.hpp"

#include <fmt/format.h>

#include "matcher/database/http/json_text.hpp"

namespace matcher::database {
namespace {

using nlohmann::json;

/// Chroma rejects empty metadata, but takes null.
json metadata_of(const Row& row) {
  json metadata = json::object();
  for (std::size_t i = 0; i < row.values.size(); ++i) {
    if (!row.values[i].empty()) metadata[field_names[i]] = row.values[i];
  }
  return metadata.empty() ? json() : metadata;
}

void append_vectors(std::string& body, MatrixView vectors, void (*append)(std::string&, std::span<const float>)) {
  for (std::size_t i = 0; i < vectors.rows; ++i) {
    if (i > 0) body += ',';
    append(body, vectors.row(i));
  }
  body += "]}";
}

/// Chroma refuses an "$and" of one condition.
json where_of(const Conditions& conditions) {
  json all = json::array();
  for (const auto& [column, values] : conditions) all.push_back({{column, {{"$in", values}}}});
  return all.size() == 1 ? all[0] : json{{"$and", all}};
}

}  // namespace

Row row_from_metadata(const json& id, const json& metadata) {
  Row row{id.get<std::string>(), {}};
  for (const auto* name : field_names) row.values.push_back(metadata.is_object() ? metadata.value(name, "") : "");
  return row;
}

Collection collection_from_entry(const json& entry) {
  Collection collection{entry.at("name"), {}, 0, {}};
  if (const auto& metadata = entry.at("metadata"); metadata.is_object())
    collection.record = metadata.value(chroma_record_key, "");
  if (const auto& dimension = entry.at("dimension"); dimension.is_number()) collection.dimension = dimension;
  const auto& configuration = entry.at("configuration_json");
  for (const auto* kind : {"hnsw", "spann"}) {
    if (!configuration.contains(kind) || !configuration.at(kind).is_object()) continue;
    const auto& settings = configuration.at(kind);
    collection.metric = settings.value("space", "");
    collection.index = kind == std::string_view("hnsw") ? "HNSW" : "SPANN";
    for (const auto* key : {"max_neighbors", "ef_construction", "ef_search"}) {
      if (settings.contains(key)) collection.index += fmt::format(" {}={}", key, dump(settings.at(key)));
    }
  }
  return collection;
}

std::string upsert_body(std::span<const Row> rows, MatrixView vectors, bool base64) {
  json ids = json::array(), metadatas = json::array();
  for (const auto& row : rows) {
    ids.push_back(row.id);
    metadatas.push_back(metadata_of(row));
  }
  std::string body;
  body.reserve(rows.size() * (vectors.cols * 6 + 300));
  body += "{\"ids\":" + dump(ids) + ",\"metadatas\":" + dump(metadatas) + ",\"embeddings\":[";
  append_vectors(body, vectors, base64 ? append_base64 : append_floats);
  return body;
}

std::string query_body(MatrixView queries, std::size_t k, const Conditions& conditions) {
  const auto where = conditions.empty() ? "" : fmt::format("\"where\":{},", dump(where_of(conditions)));
  auto body = fmt::format("{{\"n_results\":{},{}\"include\":[\"distances\"],\"query_embeddings\":[", k, where);
  append_vectors(body, queries, append_floats);
  return body;
}

}  // namespace matcher::database
