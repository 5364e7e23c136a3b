#include "matcher/database/publish/record.hpp"

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
  if (!record.writer.empty()) text["writer"] = record.writer;
  return text.dump();
}

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
    return {store::parse_index_manifest(j.at("index").dump()), j.at("items_fingerprint"), j.at("complete"),
            j.at("previous"), j.value("writer", "")};
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
