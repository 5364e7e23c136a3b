#include "matcher/database/milvus/rows.hpp"

#include <fmt/format.h>

#include "matcher/core/error.hpp"
#include "matcher/database/http/json_text.hpp"
#include "matcher/files/hash.hpp"

namespace matcher::database {
namespace {

using nlohmann::json;

constexpr std::size_t longest_id = 1024, longest_field = 65535;

std::size_t bucket_of(const std::string& id) {
  return std::stoul(Hasher().field(id).hex().substr(0, 8), nullptr, 16) % milvus_buckets;
}

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

void check_length(const char* field, const std::string& value, std::size_t longest, const std::string& id) {
  if (value.size() <= longest) return;
  throw Error(ErrorCode::input, fmt::format("the {} of item \"{}\" has {} bytes; Milvus takes up to {}", field,
                                            id.substr(0, 80), value.size(), longest));
}

}  // namespace

json version_body(const std::string& name, std::size_t dimension) {
  json fields = {text_field("id", longest_id, true),
                 vector_field(dimension),
                 {{"fieldName", "bucket"}, {"dataType", "Int32"}, {"elementTypeParams", json::object()}}};
  for (const auto* field : field_names) fields.push_back(text_field(field, longest_field));
  return collection_body(name, std::move(fields), "HNSW",
                         {{"index_type", "HNSW"}, {"M", "16"}, {"efConstruction", "200"}});
}

json ledger_body(const std::string& name) {
  return collection_body(name,
                         {text_field("id", longest_id, true), vector_field(2), text_field("record", longest_field)},
                         "FLAT", {{"index_type", "FLAT"}});
}

json ledger_row(const std::string& version, const std::string& record) {
  return {{"id", version}, {"vector", {1.0, 0.0}}, {"record", record}};
}

void append_row(std::string& body, const Row& row, std::span<const float> vector) {
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

Row row_from_entity(const json& entry) {
  Row row{entry.at("id"), {}};
  for (const auto* name : field_names) row.values.push_back(entry.value(name, ""));
  return row;
}

std::string filter_ids(std::span<const std::string> ids) { return "id in " + dump(json(ids)); }

}  // namespace matcher::database
