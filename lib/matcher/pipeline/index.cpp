#include "matcher/pipeline/index.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <unordered_map>

#include "matcher/core/error.hpp"
#include "matcher/core/file.hpp"
#include "matcher/core/version.hpp"
#include "matcher/database/address.hpp"
#include "matcher/pipeline/search/search_device.hpp"

namespace matcher::pipeline {
namespace {

constexpr const char* index_schema = "matcher.index/1";

nlohmann::ordered_json json_of(const IndexManifest& m) {
  return {
      {"schema", index_schema},
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
      {"quality", {{"recall_at_10", m.quality.recall_at_10}, {"sample", m.quality.sample}}},
      {"speed", {{"images_per_second", m.images_per_second}, {"queries_per_second", m.quality.queries_per_second}}}};
}

IndexManifest manifest_of(const nlohmann::ordered_json& j) {
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
    m.quality = {j["quality"].at("recall_at_10"), j["quality"].at("sample"), j["speed"].at("queries_per_second")};
  }
  return m;
}

IndexManifest read_manifest(const fs::path& folder) {
  const fs::path file = folder / "manifest.json";
  if (!fs::exists(file)) {
    throw Error(ErrorCode::input,
                fmt::format("{} is no complete index (manifest.json is not there); make one with: matcher "
                            "index --model M --dataset D --output {}",
                            folder.string(), folder.string()));
  }
  try {
    const auto json = nlohmann::ordered_json::parse(read_text(file));
    if (json.at("schema") == index_schema) return manifest_of(json);
    throw Error(ErrorCode::mismatch, fmt::format("{} has the schema {}, not {}: it is no index", file.string(),
                                                 json.at("schema").dump(), index_schema));
  } catch (const nlohmann::json::exception& error) {
    throw Error(ErrorCode::input,
                fmt::format("{} is damaged ({}); build the index again", file.string(), error.what()));
  }
}

/// What people and programs call one item changed: its bytes, or what is said of it.
IndexChanges changes_between(const std::vector<store::ItemRow>& before, const std::vector<store::ItemRow>& after) {
  std::unordered_map<std::string_view, const store::ItemRow*> old;
  for (const auto& item : before) old.emplace(item.id, &item);
  IndexChanges changes;
  for (const auto& item : after) {
    const auto found = old.find(item.id);
    if (found == old.end()) {
      ++changes.added;
    } else {
      const auto& was = *found->second;
      changes.changed += was.content_hash != item.content_hash || was.label != item.label || was.text != item.text;
      old.erase(found);
    }
  }
  changes.removed = old.size();
  return changes;
}

/// Against the index that is there, when there is one and it can be read.
std::optional<IndexChanges> changes_to(const Context& context, const fs::path& folder, const StoredVectors& set) {
  if (!fs::exists(folder / "manifest.json")) return std::nullopt;
  try {
    auto changes = changes_between(store::read_items(folder / "items.csv"), set.items);
    changes.other_model = read_manifest(folder).model.fingerprint != set.manifest.model.fingerprint;
    return changes;
  } catch (const Error& error) {
    context.observer.log(LogLevel::warning, fmt::format("what changed cannot be told: {}", error.what()));
    return std::nullopt;
  }
}

constexpr double low_recall = 0.9;

void warn_of_recall(Observer& observer, const IndexManifest& m) {
  if (m.quality.recall_at_10 >= low_recall) return;
  observer.log(
      LogLevel::warning,
      fmt::format("the index finds {:.1f} % of the 10 best that exact search finds (recall@10 on {} of its vectors); "
                  "for more, use --type flat, hnsw or ivf-flat, or allow a larger --memory-budget",
                  100 * m.quality.recall_at_10, m.quality.sample));
}

void check_output(const IndexOptions& options) {
  if (options.output.empty()) throw Error(ErrorCode::usage, "index needs --output FOLDER");
  check_replaceable(options.output, index_schema);
}

IndexResult roll_back(const fs::path& folder) {
  const auto previous = previous_of(folder);
  if (!fs::exists(previous / "manifest.json")) {
    throw Error(ErrorCode::input, fmt::format("there is no index to go back to: {} is not there", previous.string()));
  }
  const auto manifest = read_manifest(previous);
  read_manifest(folder);
  exchange_folders(previous, folder);
  return {folder, manifest};
}

}  // namespace

std::string manifest_text(const IndexManifest& manifest) { return json_of(manifest).dump(2) + '\n'; }

IndexManifest parse_index_manifest(const std::string& text) { return manifest_of(nlohmann::ordered_json::parse(text)); }

StoredVectors vectors_for(const Context& context, const IndexOptions& options) {
  if (!options.embeddings.empty()) return joined(options.embeddings, options.split);
  const auto choice = choose_model(context, options.model);
  const auto data = load_dataset(context, options.dataset);
  return stored_vectors(context, choice, options.dataset, data, options.split, options.execution);
}

std::string place_flag(const fs::path& place) {
  const auto text = place.string();
  return database::is_address(text) ? fmt::format("--to {} --reindex", text) : fmt::format("--output {}", text);
}

fs::path previous_of(const fs::path& folder) {
  return (folder.has_filename() ? folder : folder.parent_path()).string() + ".previous";
}

IndexResult build_index(const Context& context, const IndexOptions& options) {
  check_output(options);
  if (options.rollback) return roll_back(options.output);
  check_replaceable(previous_of(options.output), index_schema);
  const auto set = vectors_for(context, options);
  if (set.items.empty())
    throw Error(ErrorCode::input,
                fmt::format("the gallery of \"{}\" is empty: nothing to index", set.manifest.data.name));
  const auto plan = index::plan({options.type, set.rows(), set.cols(), options.memory_budget});
  const auto ids = ids_of(set.items);
  AtomicFolder folder(options.output);
  const auto built =
      index::build(set, ids, {plan.type, 1, gpu_to_build_on(context, options.execution, plan.type, set.cols())});
  built->save(folder.path() / "index.faiss");
  const auto& s = set.manifest;
  const IndexManifest manifest{.model = s.model,
                               .data = s.data,
                               .type = built->type(),
                               .count = set.items.size(),
                               .failures = set.failures,
                               .images_per_second = s.images_per_second,
                               .exact = built->exact(),
                               .reason = plan.reason,
                               .quality = index::measure_quality(*built, set, 1)};
  store::write_items(folder.path() / "items.csv", set.items);
  write_atomically(folder.path() / "manifest.json", manifest_text(manifest));
  const auto changes = changes_to(context, options.output, set);
  const bool replaces = fs::exists(options.output / "manifest.json");
  folder.commit(replaces ? previous_of(options.output) : fs::path());
  warn_of_recall(context.observer, manifest);
  return {options.output, manifest, changes};
}

LoadedIndex load_index(const fs::path& folder) {
  LoadedIndex loaded{folder, read_manifest(folder), store::read_items(folder / "items.csv"), {}, nullptr};
  loaded.ids = ids_of(loaded.items);
  loaded.index = index::load(folder / "index.faiss", loaded.ids);
  const bool same = loaded.index->dimension() == loaded.manifest.model.dimension &&
                    loaded.items.size() == loaded.manifest.count &&
                    store::data_fingerprint(loaded.items) == loaded.manifest.data.fingerprint;
  if (same) return loaded;
  throw Error(ErrorCode::mismatch,
              fmt::format("the files of index \"{}\" do not belong together ({} items, {}-d; its manifest says {} "
                          "items, {}-d); build it again",
                          folder.string(), loaded.items.size(), loaded.index->dimension(), loaded.manifest.count,
                          loaded.manifest.model.dimension));
}

void check_belongs(const LoadedIndex& index, const ModelIdentity& asked) {
  const auto& m = index.manifest;
  if (m.model.fingerprint == asked.fingerprint) return;
  throw Error(ErrorCode::mismatch, fmt::format("index \"{}\" was built by {} but the queries are from {}; rebuild it "
                                               "with: matcher index --model {} --dataset "
                                               "{} {}",
                                               index.folder.string(), describe(m.model), describe(asked), asked.name,
                                               m.data.name, place_flag(index.folder)));
}

}  // namespace matcher::pipeline
