#include "matcher/pipeline/index.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "matcher/core/error.hpp"
#include "matcher/core/file.hpp"
#include "matcher/core/names.hpp"
#include "matcher/core/version.hpp"
#include "matcher/index/remote/address.hpp"

namespace matcher::pipeline {
namespace {

constexpr const char* index_schema = "matcher.index/1";

VectorSet from_embeddings(const fs::path& folder, const std::string& split) {
  const auto set = store::EmbeddingSet::open(folder);
  VectorSet chosen{Matrix(0, set.manifest().dimension), {}, set.failures().size(), set.manifest()};
  const bool has_gallery = std::any_of(set.items().begin(), set.items().end(), [](auto& i) { return i.role == "gallery"; });
  const auto wanted = [&](const store::ItemRow& item) { return split == "all" || !has_gallery || item.role == split; };
  for (std::size_t i = 0; i < set.items().size(); ++i) {
    if (!wanted(set.items()[i])) continue;
    const auto row = set.vectors().row(i);
    chosen.unit.data.insert(chosen.unit.data.end(), row.begin(), row.end());
    chosen.items.push_back(set.items()[i]);
    normalise(chosen.unit.row(chosen.unit.rows++));
  }
  chosen.manifest.data_fingerprint = store::data_fingerprint(chosen.items);
  return chosen;
}

nlohmann::ordered_json json_of(const IndexManifest& m) {
  return {{"schema", index_schema},
          {"version", version},
          {"model",
           {{"name", m.model},
            {"fingerprint", m.model_fingerprint},
            {"dimension", m.dimension},
            {"size_bytes", m.model_size_bytes},
            {"precision", m.precision}}},
          {"dataset", {{"name", m.dataset}, {"fingerprint", m.data_fingerprint}, {"protocol", m.protocol}}},
          {"type", m.type},
          {"exact", m.exact},
          {"metric", "cosine"},
          {"count", m.count},
          {"failures", m.failures},
          {"speed", {{"images_per_second", m.images_per_second}}}};
}

IndexManifest manifest_of(const nlohmann::ordered_json& j) {
  const auto& model = j.at("model");
  const auto& data = j.at("dataset");
  IndexManifest m;
  m.model = model.at("name");
  m.model_fingerprint = model.at("fingerprint");
  m.dimension = model.at("dimension");
  m.model_size_bytes = model.at("size_bytes");
  m.precision = model.at("precision");
  m.dataset = data.at("name");
  m.data_fingerprint = data.at("fingerprint");
  m.protocol = data.at("protocol");
  m.type = j.at("type");
  m.exact = j.at("exact");
  m.count = j.at("count");
  m.failures = j.at("failures");
  m.images_per_second = j.at("speed").at("images_per_second");
  return m;
}

/// The flags that rebuild the index at `place`.
std::string place_flag(const std::string& place) {
  return index::remote::is_address(place) ? fmt::format("--to {} --reindex", place) : fmt::format("--output {}", place);
}

IndexManifest read_manifest(const fs::path& folder) {
  const fs::path file = folder / "manifest.json";
  if (!fs::exists(file)) {
    throw Error(ErrorCode::input, fmt::format("{} is no complete index (manifest.json is not there); make one with: matcher "
                                              "index --model M --dataset D --output {}",
                                              folder.string(), folder.string()));
  }
  try {
    const auto json = nlohmann::ordered_json::parse(read_text(file));
    if (json.at("schema") == index_schema) return manifest_of(json);
    throw Error(ErrorCode::mismatch, fmt::format("{} has the schema {}, not {}: it is no index", file.string(),
                                                 json.at("schema").dump(), index_schema));
  } catch (const nlohmann::json::exception& error) {
    throw Error(ErrorCode::input, fmt::format("{} is damaged ({}); build the index again", file.string(), error.what()));
  }
}

}  // namespace

std::string manifest_text(const IndexManifest& manifest) { return json_of(manifest).dump(2) + '\n'; }

IndexManifest parse_index_manifest(const std::string& text) { return manifest_of(nlohmann::ordered_json::parse(text)); }

VectorSet vectors_for(const Context& context, const IndexOptions& options) {
  if (!options.embeddings.empty()) return from_embeddings(options.embeddings, options.split);
  const auto choice = choose_model(context, options.model);
  const auto data = load_dataset(context, options.dataset);
  return embedded(context, choice, options.dataset, data, options.split, options.run);
}

IndexResult build_index(const Context& context, const IndexOptions& options) {
  if (options.output.empty()) throw Error(ErrorCode::usage, "index needs --output FOLDER");
  check_replaceable(options.output, index_schema);
  const auto set = vectors_for(context, options);
  if (set.items.empty()) throw Error(ErrorCode::input, fmt::format("the gallery of \"{}\" is empty: nothing to index", set.manifest.dataset));
  const auto ids = ids_of(set.items);
  AtomicFolder folder(options.output);
  const auto built = index::build(set.unit.view(), ids, {options.type, 1});
  const auto& s = set.manifest;
  const IndexManifest manifest{s.model, s.model_fingerprint, s.precision, s.dataset, s.data_fingerprint, s.protocol, built->type(),
                               s.dimension, set.items.size(), set.failures, s.model_size_bytes, s.images_per_second, built->exact()};
  built->save(folder.path() / "index.faiss");
  store::write_items(folder.path() / "items.csv", set.items);
  write_atomically(folder.path() / "manifest.json", manifest_text(manifest));
  folder.commit();
  return {options.output, manifest};
}

LoadedIndex load_index(const fs::path& folder) {
  LoadedIndex loaded{folder, read_manifest(folder), store::read_items(folder / "items.csv"), {}, nullptr};
  loaded.ids = ids_of(loaded.items);
  loaded.index = index::load(folder / "index.faiss", loaded.ids);
  const bool same = loaded.index->dimension() == loaded.manifest.dimension && loaded.items.size() == loaded.manifest.count &&
                    store::data_fingerprint(loaded.items) == loaded.manifest.data_fingerprint;
  if (same) return loaded;
  throw Error(ErrorCode::mismatch, fmt::format("the files of index \"{}\" do not belong together ({} items, {}-d; its manifest says {} "
                                               "items, {}-d); build it again",
                                               folder.string(), loaded.items.size(), loaded.index->dimension(),
                                               loaded.manifest.count, loaded.manifest.dimension));
}

void check_belongs(const LoadedIndex& index, const QueryModel& asked) {
  const auto& m = index.manifest;
  if (m.model_fingerprint == asked.fingerprint) return;
  throw Error(ErrorCode::mismatch,
              fmt::format("index \"{}\" was built by {} ({}-d, {}, {}) but the queries are from {} ({}-d, {}, {}); rebuild it with: "
                          "matcher index --model {} --dataset {} {}",
                          index.folder.string(), m.model, m.dimension, m.precision, short_fingerprint(m.model_fingerprint),
                          asked.name, asked.dimension, asked.precision, short_fingerprint(asked.fingerprint), asked.name,
                          m.dataset, place_flag(index.folder.string())));
}

}  // namespace matcher::pipeline
