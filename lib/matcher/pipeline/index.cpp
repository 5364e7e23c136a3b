#include "matcher/pipeline/index.hpp"

#include <fmt/format.h>

#include "matcher/core/error.hpp"
#include "matcher/database/address.hpp"
#include "matcher/index/quality.hpp"
#include "matcher/pipeline/search/search_device.hpp"

namespace matcher::pipeline {
namespace {

/// Returns nothing, with a warning, if the existing index cannot be read.
std::optional<store::IndexChanges> changes_to(const Context& context, const fs::path& folder,
                                              const StoredVectors& set) {
  try {
    return store::find_changes(folder, set.items, set.manifest.model);
  } catch (const Error& error) {
    context.observer.log(LogLevel::warning, fmt::format("what changed cannot be told: {}", error.what()));
    return std::nullopt;
  }
}

constexpr double low_recall = 0.9;

void warn_of_recall(Observer& observer, const store::IndexManifest& m) {
  if (m.recall_at_10 >= low_recall) return;
  observer.log(
      LogLevel::warning,
      fmt::format("the index finds {:.1f} % of the 10 best that exact search finds (recall@10 on {} of its vectors); "
                  "for more, use --type flat, hnsw or ivf-flat, or allow a larger --memory-budget",
                  100 * m.recall_at_10, m.sample));
}

}  // namespace

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

IndexResult build_index(const Context& context, const IndexOptions& options) {
  if (options.output.empty()) throw Error(ErrorCode::usage, "index needs --output FOLDER");
  if (options.rollback) return {options.output, store::restore_index(options.output)};
  store::check_index_folder(options.output);
  const auto set = vectors_for(context, options);
  if (set.items.empty())
    throw Error(ErrorCode::input,
                fmt::format("the gallery of \"{}\" is empty: nothing to index", set.manifest.data.name));
  const auto plan = index::plan({options.type, set.rows(), set.cols(), options.memory_budget});
  const auto ids = ids_of(set.items);
  store::IndexWriter writer(options.output);
  const auto built =
      index::build(set, ids, {plan.type, 1, gpu_to_build_on(context, options.execution, plan.type, set.cols())});
  built->save(writer.index_file());
  const auto quality = index::measure_quality(*built, set, 1);
  const auto& s = set.manifest;
  const store::IndexManifest manifest{.model = s.model,
                                      .data = s.data,
                                      .type = built->type(),
                                      .count = set.items.size(),
                                      .failures = set.failures,
                                      .images_per_second = s.images_per_second,
                                      .exact = built->exact(),
                                      .reason = plan.reason,
                                      .recall_at_10 = quality.recall_at_10,
                                      .sample = quality.sample,
                                      .queries_per_second = quality.queries_per_second};
  const auto changes = changes_to(context, options.output, set);
  writer.commit(manifest, set.items);
  warn_of_recall(context.observer, manifest);
  return {options.output, manifest, changes};
}

LoadedIndex load_index(const fs::path& folder) {
  LoadedIndex loaded{folder, store::read_index_manifest(folder), store::read_index_items(folder), {}, nullptr};
  loaded.ids = ids_of(loaded.items);
  loaded.index = index::load(store::index_file(folder), loaded.ids);
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
  const auto flags = fmt::format("--model {} --dataset {} {}", asked.name, m.data.name, place_flag(index.folder));
  throw Error(ErrorCode::mismatch,
              fmt::format("index \"{}\" was built by {} but the queries are from {}; rebuild it with: matcher index {}",
                          index.folder.string(), describe(m.model), describe(asked), flags));
}

}  // namespace matcher::pipeline
