#include "matcher/database/versions/record.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "matcher/core/error.hpp"
#include "matcher/core/schemas.hpp"
#include "matcher/files/hash.hpp"
#include "matcher/files/json_damage.hpp"

namespace matcher::database {

using json = nlohmann::ordered_json;

std::string record_text(const VersionRecord& record) {
  json text{{"schema", schema::collection},
            {"index", json::parse(store::index_manifest_text(record.manifest))},
            {"items_fingerprint", record.items_fingerprint},
            {"complete", record.complete},
            {"previous", record.previous}};
  if (record.generation > 0) text["generation"] = record.generation;
  text["type"] = to_string(record.index);
  if (record.lists > 0) text["lists"] = record.lists;
  if (record.churn > 0) text["churn"] = record.churn;
  if (record.lost_records) text["lost_records"] = true;
  if (record.effort > 0) text["search"] = {{effort_name(record.index), record.effort}};
  if (!record.threshold.empty()) text["threshold"] = json::parse(record.threshold);
  return text.dump();
}

namespace {

IndexType index_type(const json& j) {
  const auto name = j.value("type", "hnsw");
  for (const auto type : {IndexType::flat, IndexType::ivf_flat})
    if (name == to_string(type)) return type;
  return IndexType::hnsw;
}

VersionRecord from_json(const json& j) {
  VersionRecord record{store::parse_index_manifest(j.at("index").dump()),
                       j.at("items_fingerprint"),
                       j.at("complete"),
                       j.at("previous"),
                       j.value("generation", std::size_t{0}),
                       index_type(j),
                       j.value("lists", std::size_t{0})};
  record.churn = j.value("churn", std::size_t{0});
  record.lost_records = j.value("lost_records", false);
  if (j.contains("search")) record.effort = j["search"].value(effort_name(record.index), std::size_t{0});
  if (j.contains("threshold")) record.threshold = j["threshold"].dump();
  return record;
}

}  // namespace

VersionRecord parse_record(const std::string& text, const std::string& where) {
  if (text.empty()) {
    throw Error(ErrorCode::mismatch,
                fmt::format("{} was not made by matcher; choose another name, or delete it there", where));
  }
  const auto fail = [&](const std::string& why) {
    return Error(ErrorCode::mismatch,
                 fmt::format("the record of {} is damaged ({}); build it again under another name", where, why));
  };
  try {
    const auto j = json::parse(text);
    if (j.at("schema") != schema::collection) {
      throw Error(ErrorCode::mismatch, fmt::format("{} has the schema {}, not {}; use the matcher that made it", where,
                                                   j.at("schema").dump(), schema::collection));
    }
    return from_json(j);
  } catch (const json::exception& error) {
    throw fail(describe_damage(error));
  } catch (const std::invalid_argument& error) {  // from the manifest
    throw fail(error.what());
  }
}

Row to_row(const store::ItemRow& item, std::span<const float> vector) {
  const auto hash = item.content_hash.empty() ? content_hash(std::as_bytes(vector)) : std::string();
  return {item.id,
          {item.label, item.path, item.role, item.split, item.view, item.category, item.text, item.content_hash, hash}};
}

store::ItemRow to_item(const Row& row) {
  const auto& v = row.values;
  return {row.id, v.at(1), v.at(0), v.at(2), v.at(3), v.at(4), v.at(5), v.at(6), v.at(7)};
}

std::string fingerprint_rows(std::vector<Row> rows) {
  std::ranges::sort(rows, {}, &Row::id);
  Hasher hasher;
  for (const auto& row : rows) {
    hasher.field(row.id);
    for (const auto& value : row.values) hasher.field(value);
  }
  return hasher.hex();
}

}  // namespace matcher::database
