#include "matcher/store/embeddings/manifest.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "matcher/core/error.hpp"
#include "matcher/core/schemas.hpp"
#include "matcher/core/version.hpp"
#include "matcher/files/file.hpp"
#include "matcher/files/json_damage.hpp"
#include "matcher/files/paths.hpp"
#include "matcher/files/sum.hpp"

namespace matcher::store {
namespace {

using nlohmann::ordered_json;

Split split_in(const std::string& text, const fs::path& file) {
  try {
    return parse_split(text);
  } catch (const Error&) {
    throw Error(
        ErrorCode::input,
        fmt::format("\"{}\" is damaged (unknown split \"{}\"). Embed again into the same folder", file.string(), text));
  }
}

Manifest manifest_of(const ordered_json& json, const fs::path& file) {
  const auto& model = json.at("model");
  const auto& dataset = json.at("dataset");
  Manifest m;
  m.model = {.name = model.at("name"),
             .fingerprint = model.at("fingerprint"),
             .precision = model.at("precision"),
             .device = model.at("device"),
             .dimension = model.at("dimension"),
             .size_bytes = model.at("size_bytes")};
  m.made = made_in(json);
  m.libtorch = model.at("libtorch");
  m.data = {.name = dataset.at("name"), .fingerprint = dataset.at("fingerprint"), .protocol = dataset.at("protocol")};
  m.split = split_in(dataset.at("split"), file);
  m.source_fingerprint = dataset.at("source_fingerprint");
  m.listing = dataset.value("listing", "");
  m.request = json.value("request", "");
  if (json.contains("shard")) {
    m.shard = json.at("shard").at("number");
    m.shards = json.at("shard").at("of");
  }
  m.count = json.at("count");
  m.failures = json.at("failures");
  m.batch_size = json.at("options").at("batch_size");
  m.images_per_second = json.at("speed").at("images_per_second");
  if (json.contains("sums")) {
    const auto& sums = json.at("sums");
    m.sums = {.vectors = sums.at("vectors"), .items = sums.at("items"), .failures = sums.at("failures")};
  }
  return m;
}

void check_sum(const std::string& text, const fs::path& file) {
  if (!has_wrong_sum(text)) return;
  throw Error(
      ErrorCode::input,
      fmt::format("\"{}\" is damaged: its content does not have the sum that it ends with. Embed again into the "
                  "same folder",
                  file.string()));
}

}  // namespace

std::string manifest_text(const Manifest& m) {
  ordered_json json = {{"schema", schema::embeddings}, {"version", version}};
  add_made(json, m.made);
  json["model"] = {{"name", m.model.name},           {"fingerprint", m.model.fingerprint},
                   {"dimension", m.model.dimension}, {"size_bytes", m.model.size_bytes},
                   {"precision", m.model.precision}, {"device", m.model.device},
                   {"libtorch", m.libtorch}};
  json["dataset"] = {{"name", m.data.name},
                     {"split", to_string(m.split)},
                     {"protocol", m.data.protocol},
                     {"source_fingerprint", m.source_fingerprint},
                     {"fingerprint", m.data.fingerprint},
                     {"listing", m.listing}};
  json["shard"] = {{"number", m.shard}, {"of", m.shards}};
  json["request"] = m.request;
  json["count"] = m.count;
  json["failures"] = m.failures;
  json["options"] = {{"batch_size", m.batch_size}};
  json["speed"] = {{"images_per_second", m.images_per_second}};
  if (!m.sums.vectors.empty())
    json["sums"] = {{"vectors", m.sums.vectors}, {"items", m.sums.items}, {"failures", m.sums.failures}};
  return with_sum(json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + '\n');
}

Manifest read_manifest(const fs::path& file) {
  if (!path_exists(file)) {
    throw Error(ErrorCode::input, fmt::format("\"{}\" is not a complete embedding set: manifest.json is missing. Make "
                                              "it: matcher embed --model M --dataset D --output {}",
                                              file.parent_path().string(), file.parent_path().string()));
  }
  try {
    const auto text = read_text(file);
    const auto json = ordered_json::parse(text);
    check_sum(text, file);
    if (json.at("schema") != schema::embeddings) {
      throw Error(ErrorCode::mismatch,
                  fmt::format("\"{}\" is not the manifest of an embedding set: its schema is {}, not {}", file.string(),
                              json.at("schema").dump(), schema::embeddings));
    }
    return manifest_of(json, file);
  } catch (const nlohmann::json::exception& error) {
    throw Error(ErrorCode::input, fmt::format("\"{}\" is damaged: {}. Embed again into the same folder", file.string(),
                                              describe_damage(error)));
  }
}

}  // namespace matcher::store
