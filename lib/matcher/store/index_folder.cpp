#include "matcher/store/index_folder.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string_view>
#include <unordered_map>

#include "matcher/core/error.hpp"
#include "matcher/core/names.hpp"
#include "matcher/core/schemas.hpp"
#include "matcher/core/version.hpp"
#include "matcher/files/atomic_folder.hpp"
#include "matcher/files/hash.hpp"
#include "matcher/files/json_damage.hpp"
#include "matcher/files/output_place.hpp"
#include "matcher/files/paths.hpp"
#include "matcher/files/sum.hpp"
#include "matcher/files/temporary.hpp"

namespace matcher::store {
namespace {

using nlohmann::ordered_json;

constexpr const char *index_name = "index.faiss", *items_name = "items.csv";

fs::path manifest_file(const fs::path& folder) { return folder / "manifest.json"; }
std::string map_name(std::size_t number) { return fmt::format("map-{}.safetensors", number + 1); }
fs::path items_file(const fs::path& folder) { return folder / items_name; }

ordered_json json_of(const IndexManifest& m) {
  ordered_json json = {{"schema", schema::index_folder}, {"version", version}};
  add_made(json, m.made);
  json["model"] = {{"name", m.model.name},
                   {"fingerprint", m.model.fingerprint},
                   {"dimension", m.model.dimension},
                   {"size_bytes", m.model.size_bytes},
                   {"precision", m.model.precision}};
  json["dataset"] = {{"name", m.data.name}, {"fingerprint", m.data.fingerprint}, {"protocol", m.data.protocol}};
  json["type"] = m.type;
  json["exact"] = m.exact;
  json["metric"] = "cosine";
  json["count"] = m.count;
  json["failures"] = m.failures;
  json["reason"] = m.reason;
  json["quality"] = {{"recall_at_10", m.recall_at_10}, {"sample", m.sample}};
  json["speed"] = {{"images_per_second", m.images_per_second}, {"queries_per_second", m.queries_per_second}};
  if (!m.rounded_copy) json["rounded_copy"] = false;
  if (m.effort > 0) json["search_effort"] = m.effort;
  if (!m.items_hash.empty()) json["files"] = {{index_name, m.index_hash}, {items_name, m.items_hash}};
  for (std::size_t i = 0; i < m.map_hashes.size(); ++i) json["files"][map_name(i)] = m.map_hashes[i];
  if (!m.steps.empty()) json["steps"] = m.steps;
  return json;
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
  m.rounded_copy = j.value("rounded_copy", true);
  m.effort = j.value("search_effort", std::size_t{0});
  if (j.contains("files")) {
    m.index_hash = j["files"].at(index_name);
    m.items_hash = j["files"].at(items_name);
    while (j["files"].contains(map_name(m.map_hashes.size())))
      m.map_hashes.push_back(j["files"].at(map_name(m.map_hashes.size())));
  }
  m.made = made_in(j);
  m.steps = j.value("steps", std::vector<std::string>());
  return m;
}

std::string build_command(const IndexManifest& m, const fs::path& folder) {
  return fmt::format("matcher index --model {} --dataset {} --output {}", m.model.name, m.data.name, folder.string());
}

[[noreturn]] void fail_damaged(const fs::path& file, const std::string& why) {
  throw Error(ErrorCode::input, fmt::format("\"{}\" is damaged: {}. Build the index again: matcher index --model M "
                                            "--dataset D --output {}",
                                            file.string(), why, file.parent_path().string()));
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

IndexManifest parse_index_manifest(const std::string& text) {
  try {
    return manifest_of(ordered_json::parse(text));
  } catch (const nlohmann::json::exception& error) {
    throw std::invalid_argument(describe_damage(error));
  }
}

IndexManifest read_index_manifest(const fs::path& folder) {
  const auto file = manifest_file(folder);
  if (!path_exists(file)) {
    throw Error(ErrorCode::input,
                fmt::format("{}. Build it: matcher index --model M --dataset D --output {}",
                            is_folder(folder) ? fmt::format("\"{}\" is not a complete index: manifest.json is missing",
                                                            folder.string())
                                              : fmt::format("there is no index at \"{}\": the folder {}",
                                                            folder.string(), why_missing(folder)),
                            folder.string()));
  }
  const auto text = read_text(file);
  try {
    const auto json = ordered_json::parse(text);
    if (json.at("schema") != schema::index_folder) {
      throw Error(
          ErrorCode::mismatch,
          fmt::format("\"{}\" is not the manifest of an index: its schema is {}, not {}. Give the folder of an index",
                      file.string(), json.at("schema").dump(), schema::index_folder));
    }
    auto manifest = manifest_of(json);
    if (has_wrong_sum(text)) fail_damaged(file, "its content differs from its sum");
    return manifest;
  } catch (const nlohmann::json::exception& error) {
    fail_damaged(file, describe_damage(error));
  }
}

std::vector<ItemRow> read_index_items(const fs::path& folder) { return read_items(items_file(folder)); }

std::vector<ItemRow> read_index_items(const fs::path& folder, const IndexManifest& manifest) {
  const auto file = items_file(folder);
  if (manifest.items_hash.empty()) return read_items(file);
  check_index_file(file, manifest.items_hash, manifest);
  return read_items(file);
}

void check_index_file(const fs::path& file, const std::string& wanted, const IndexManifest& manifest) {
  const auto hash = file_hash(file);
  if (hash == wanted) return;
  throw Error(ErrorCode::mismatch,
              fmt::format("\"{}\" is damaged, or belongs to another index: its hash is {}, but manifest.json has {}. "
                          "Build the index again: {}",
                          file.string(), short_fingerprint(hash), short_fingerprint(wanted),
                          build_command(manifest, file.parent_path())));
}

fs::path index_map_file(const fs::path& folder, std::size_t number) { return folder / map_name(number); }

fs::path index_file(const fs::path& folder) { return folder / index_name; }

std::optional<IndexChanges> find_changes(const fs::path& folder, const std::vector<ItemRow>& items,
                                         const ModelIdentity& model) {
  if (!path_exists(manifest_file(folder))) return std::nullopt;
  auto changes = compare_items(read_index_items(folder), items);
  changes.other_model = read_index_manifest(folder).model.fingerprint != model.fingerprint;
  return changes;
}

fs::path previous_of(const fs::path& folder) { return place_of(folder).string() + ".previous"; }

void check_index_folder(const fs::path& folder) {
  check_replaceable(folder, schema::index_folder);
  check_replaceable(previous_of(folder), schema::index_folder);
  check_folder_place(folder);
}

namespace {

/// True if the index in `folder` is equal to the one that replaces it, as after a build that was killed when it was
/// done: then the folder that keeps the replaced index keeps the index before it.
bool is_equal(const fs::path& folder, const IndexManifest& fresh) {
  try {
    const auto old = read_index_manifest(folder);
    return !fresh.index_hash.empty() && old.index_hash == fresh.index_hash && old.items_hash == fresh.items_hash &&
           old.model.fingerprint == fresh.model.fingerprint;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

void IndexWriter::commit(IndexManifest manifest, const std::vector<ItemRow>& items) {
  write_items(items_file(temporary_.path()), items);
  manifest.made = made_since(start_);
  manifest.items_hash = file_hash(items_file(temporary_.path()));
  write_atomically(manifest_file(temporary_.path()), with_sum(index_manifest_text(manifest)));
  const bool replaces = path_exists(manifest_file(folder_)) && !is_equal(folder_, manifest);
  temporary_.commit(replaces ? previous_of(folder_) : fs::path());
}

fs::path find_previous(const fs::path& folder) {
  finish_replacement(folder);  // of a killed build: it moves the replaced index to its place
  check_replaceable(folder, schema::index_folder);
  auto previous = previous_of(folder);
  if (!path_exists(manifest_file(previous))) {
    throw Error(
        ErrorCode::input,
        fmt::format("cannot restore \"{}\": \"{}\" does not exist. matcher index keeps the replaced index there "
                    "when it builds another one in the same folder",
                    folder.string(), previous.string()));
  }
  read_index_manifest(previous);
  read_index_manifest(folder);
  return previous;
}

IndexManifest restore_index(const fs::path& folder) {
  exchange_folders(find_previous(folder), place_of(folder));
  return read_index_manifest(folder);
}

}  // namespace matcher::store
