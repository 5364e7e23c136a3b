#include "matcher/store/index_folder.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string_view>
#include <unordered_map>

#include "matcher/core/error.hpp"
#include "matcher/core/schemas.hpp"
#include "matcher/core/version.hpp"

namespace matcher::store {
namespace {

using nlohmann::ordered_json;

fs::path manifest_file(const fs::path& folder) { return folder / "manifest.json"; }
fs::path items_file(const fs::path& folder) { return folder / "items.csv"; }

ordered_json json_of(const IndexManifest& m) {
  return {{"schema", schema::index_folder},
          {"version", version},
          {"model",
           {{"name", m.model.name},
            {"fingerprint", m.model.fingerprint},
            {"dimension", m.model.dimension},
            {"size_bytes", m.model.size_bytes},
            {"precision", m.model.precision}}},
          {"dataset", {{"name", m.data.name}, {"fingerprint", m.data.fingerprint}, {"protocol", m.data.protocol}}},
          {"type", m.type},
          {"exact", m.exact},
          {"metric", "cosine"},
          {"count", m.count},
          {"failures", m.failures},
          {"reason", m.reason},
          {"quality", {{"recall_at_10", m.recall_at_10}, {"sample", m.sample}}},
          {"speed", {{"images_per_second", m.images_per_second}, {"queries_per_second", m.queries_per_second}}}};
}

IndexManifest manifest_of(const ordered_json& j) {
  const auto& model = j.at("model");
  const auto& data = j.at("dataset");
  IndexManifest m;
  m.model = {.name = model.at("name"),
             .fingerprint = model.at("fingerprint"),
             .precision = model.at("precision"),
             .device = {},
             .dimension = model.at("dimension"),
             .size_bytes = model.at("size_bytes")};
  m.data = {.name = data.at("name"), .fingerprint = data.at("fingerprint"), .protocol = data.at("protocol")};
  m.type = j.at("type");
  m.exact = j.at("exact");
  m.count = j.at("count");
  m.failures = j.at("failures");
  m.images_per_second = j.at("speed").at("images_per_second");
  m.reason = j.value("reason", "");
  if (j.contains("quality")) {
    m.recall_at_10 = j["quality"].at("recall_at_10");
    m.sample = j["quality"].at("sample");
    m.queries_per_second = j["speed"].at("queries_per_second");
  }
  return m;
}

/// An item changed if its bytes, its label or its text did.
bool differ(const ItemRow& a, const ItemRow& b) {
  return a.content_hash != b.content_hash || a.label != b.label || a.text != b.text;
}

IndexChanges compare_items(const std::vector<ItemRow>& before, const std::vector<ItemRow>& after) {
  std::unordered_map<std::string_view, const ItemRow*> old;
  for (const auto& item : before) old.emplace(item.id, &item);
  IndexChanges changes;
  for (const auto& item : after) {
    const auto found = old.find(item.id);
    if (found == old.end()) {
      ++changes.added;
    } else {
      changes.changed += differ(*found->second, item);
      old.erase(found);
    }
  }
  changes.removed = old.size();
  return changes;
}

}  // namespace

std::string index_manifest_text(const IndexManifest& manifest) {
  return json_of(manifest).dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
}

IndexManifest parse_index_manifest(const std::string& text) { return manifest_of(ordered_json::parse(text)); }

IndexManifest read_index_manifest(const fs::path& folder) {
  const auto file = manifest_file(folder);
  if (!fs::exists(file)) {
    throw Error(ErrorCode::input, fmt::format("\"{}\" is not a complete index: manifest.json is missing. Build it: "
                                              "matcher index --model M --dataset D --output {}",
                                              folder.string(), folder.string()));
  }
  try {
    const auto json = ordered_json::parse(read_text(file));
    if (json.at("schema") == schema::index_folder) return manifest_of(json);
    throw Error(ErrorCode::mismatch, fmt::format("\"{}\" is not the manifest of an index: its schema is {}, not {}",
                                                 file.string(), json.at("schema").dump(), schema::index_folder));
  } catch (const nlohmann::json::exception& error) {
    throw Error(ErrorCode::input,
                fmt::format("\"{}\" is damaged ({}). Build the index again", file.string(), error.what()));
  }
}

std::vector<ItemRow> read_index_items(const fs::path& folder) { return read_items(items_file(folder)); }

fs::path index_file(const fs::path& folder) { return folder / "index.faiss"; }

std::optional<IndexChanges> find_changes(const fs::path& folder, const std::vector<ItemRow>& items,
                                         const ModelIdentity& model) {
  if (!fs::exists(manifest_file(folder))) return std::nullopt;
  auto changes = compare_items(read_index_items(folder), items);
  changes.other_model = read_index_manifest(folder).model.fingerprint != model.fingerprint;
  return changes;
}

fs::path previous_of(const fs::path& folder) {
  return (folder.has_filename() ? folder : folder.parent_path()).string() + ".previous";
}

void check_index_folder(const fs::path& folder) {
  check_replaceable(folder, schema::index_folder);
  check_replaceable(previous_of(folder), schema::index_folder);
}

void IndexWriter::commit(const IndexManifest& manifest, const std::vector<ItemRow>& items) {
  write_items(items_file(temporary_.path()), items);
  write_atomically(manifest_file(temporary_.path()), index_manifest_text(manifest));
  const bool replaces = fs::exists(manifest_file(folder_));
  temporary_.commit(replaces ? previous_of(folder_) : fs::path());
}

IndexManifest restore_index(const fs::path& folder) {
  check_replaceable(folder, schema::index_folder);
  const auto previous = previous_of(folder);
  if (!fs::exists(manifest_file(previous))) {
    throw Error(ErrorCode::input,
                fmt::format("cannot restore \"{}\": \"{}\" does not exist", folder.string(), previous.string()));
  }
  auto manifest = read_index_manifest(previous);
  read_index_manifest(folder);
  exchange_folders(previous, folder);
  return manifest;
}

}  // namespace matcher::store
