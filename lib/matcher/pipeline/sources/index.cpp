#include "matcher/pipeline/index.hpp"

#include <fmt/format.h>

#include "matcher/core/error.hpp"
#include "matcher/files/hash.hpp"
#include "matcher/index/plan.hpp"
#include "matcher/index/quality.hpp"
#include "matcher/model/adapted.hpp"
#include "matcher/pipeline/embedding/listing.hpp"
#include "matcher/pipeline/search/loaded_index.hpp"
#include "matcher/pipeline/search/search_device.hpp"
#include "matcher/pipeline/vectors/joined_sets.hpp"
#include "matcher/pipeline/vectors/refined_vectors.hpp"

namespace matcher::pipeline {
namespace {

constexpr double low_recall = 0.9;

/// Compares with the index that will be replaced. An unreadable one is replaced all the same.
std::optional<store::IndexChanges> find_changes(Observer& observer, const fs::path& folder, const StoredVectors& set) {
  try {
    return store::find_changes(folder, set.items, set.manifest.model);
  } catch (const Error& error) {
    observer.log(LogLevel::warning, fmt::format("cannot compare with the replaced index: {}", error.what()));
    return std::nullopt;
  }
}

void warn_of_recall(Observer& observer, const store::IndexManifest& m) {
  if (m.recall_at_10 >= low_recall) return;
  observer.log(
      LogLevel::warning,
      fmt::format("the index finds {:.1f} % of the 10 best that exact search finds (recall@10 on {} of its vectors); "
                  "for more, use --type flat, hnsw or ivf-flat, or allow a larger --memory-budget",
                  100 * m.recall_at_10, m.sample));
}

store::IndexManifest make_manifest(const StoredVectors& set, const index::VectorIndex& index, index::Plan plan) {
  const auto quality = index::measure_quality(index, set, 1);
  return {.model = set.manifest.model,
          .data = set.manifest.data,
          .type = index.type(),
          .count = set.items.size(),
          .failures = set.failures,
          .images_per_second = set.manifest.images_per_second,
          .exact = index.exact(),
          .reason = std::move(plan.reason),
          .recall_at_10 = quality.recall_at_10,
          .sample = quality.sample,
          .queries_per_second = quality.queries_per_second,
          .rounded_copy = !index.exact() || plan.copy_bytes > 0};
}

/// Loads all of the replaced index: after the exchange it must answer.
void check_answers(const fs::path& folder, const fs::path& previous) {
  try {
    load_index(previous);
  } catch (const Error& error) {
    throw Error(error.code(),
                fmt::format("cannot restore \"{}\", which stays as it is: {}", folder.string(), error.what()));
  }
}

void check_not_empty(const StoredVectors& set) {
  if (!set.items.empty()) return;
  throw Error(ErrorCode::input,
              fmt::format("the gallery of \"{}\" is empty: nothing to index", set.manifest.data.name));
}

/// Refuses a wrong type, or too small a budget, before hours of embedding.
void check_type(const Context& context, const IndexOptions& options, const ModelChoice& choice,
                const dataset::Dataset& data) {
  const auto images = list_works(data, options.input.split, {}).works.size();
  index::plan({options.type, images, find_dimension(context, choice, options.execution), options.memory_budget});
}

struct Input {
  StoredVectors set;
  refine::Steps steps;
};

Input load_vectors(const Context& context, const IndexOptions& options) {
  const auto& input = options.input;
  if (!input.embeddings.empty()) return {join_sets(input.embeddings, input.split), {}};
  const auto choice = choose_model(context, input.model, options.execution);
  const auto data = load_dataset(context, input.dataset);
  check_type(context, options, choice, data);
  auto set = open_gallery(context, choice, data, input.split, options.execution);
  return {std::move(set), choice.steps};
}

/// Writes the maps that queries need, and returns the hashes of their files.
std::vector<std::string> write_maps(const Maps& maps, const store::IndexWriter& writer) {
  std::vector<std::string> hashes;
  for (std::size_t i = 0; i < maps.size(); ++i) {
    model::write_map(writer.map_file(i), {maps[i], {}}, "");
    hashes.push_back(file_hash(writer.map_file(i)));
  }
  return hashes;
}

}  // namespace

IndexResult build_index(const Context& context, const IndexOptions& options) {
  if (options.output.empty()) throw Error(ErrorCode::usage, "index needs --output FOLDER");
  store::check_index_folder(options.output);
  const auto [set, steps] = load_vectors(context, options);
  check_not_empty(set);
  report_cache_use(set.cache, set.manifest.model.name, context.observer);
  auto plan = index::plan({options.type, set.rows(), set.cols(), options.memory_budget});
  store::IndexWriter writer(options.output);
  const auto built = index::build(set, ids_of(set.items),
                                  {plan.type, 1, gpu_to_build_on(context, options.execution, plan.type, set.cols())});
  if (plan.copy_bytes == 0) built->search_without_copy();
  std::optional<index::Tuning> tuning;
  if (options.recall) tuning = index::tune_search(*built, set, *options.recall, 2);
  const auto hash = built->save(writer.index_file());
  auto manifest = make_manifest(set, *built, std::move(plan));
  manifest.index_hash = hash;
  if (tuning && !tuning->name.empty()) manifest.effort = (tuning->chosen ? *tuning->chosen : tuning->best).effort;
  manifest.steps = refine::to_strings(steps);
  manifest.map_hashes = write_maps(set.maps, writer);
  const auto changes = find_changes(context.observer, options.output, set);
  writer.commit(manifest, set.items);
  warn_of_recall(context.observer, manifest);
  return {options.output, manifest, changes, tuning};
}

IndexResult restore_index(const fs::path& folder) {
  const auto previous = store::find_previous(folder);
  check_answers(folder, previous);
  return {folder, store::restore_index(folder)};
}

}  // namespace matcher::pipeline
