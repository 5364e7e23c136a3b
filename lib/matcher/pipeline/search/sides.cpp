#include "matcher/pipeline/search/sides.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "matcher/core/error.hpp"
#include "matcher/core/names.hpp"
#include "matcher/pipeline/embedding/lost_images.hpp"
#include "matcher/pipeline/search/learnt_on.hpp"
#include "matcher/pipeline/search/query_columns.hpp"
#include "matcher/pipeline/search/refined_index.hpp"
#include "matcher/pipeline/search/search_device.hpp"
#include "matcher/pipeline/vectors/joined_sets.hpp"
#include "matcher/pipeline/vectors/refined_vectors.hpp"

namespace matcher::pipeline {

void check_not_empty(const dataset::Dataset& data, bool needs_gallery) {
  if (needs_gallery && data.gallery.empty()) {
    throw Error(
        ErrorCode::input,
        fmt::format("dataset \"{}\" has an empty gallery: nothing to find; check the roles and splits of its sources",
                    data.name));
  }
  if (!data.queries.empty()) return;
  throw Error(
      ErrorCode::input,
      fmt::format("dataset \"{}\" has no queries (test photos). Hold some out: add --hold-out 20% (or put them in "
                  "{}/queries/LABEL/, or name them in a split column)",
                  data.name, data.name));
}

namespace {

/// Removes the images of the queries, so that their texts are embedded.
void query_by_text(dataset::Dataset& data) {
  for (auto& query : data.queries) {
    if (query.text.empty()) {
      throw Error(
          ErrorCode::input,
          fmt::format("query \"{}\" of dataset \"{}\" has no text to look up; fill in its text column, or leave "
                      "--query-by text out",
                      query.id, data.name));
    }
    query.path.clear();
  }
}

GallerySide exact_side(const Context& context, VectorSet vectors, const ExecutionOptions& run,
                       const refine::Steps& steps = {}) {
  GallerySide side;
  side.vectors = std::move(vectors);
  side.ids = ids_of(side.vectors.items);
  side.exact = index::exact_search(side.vectors.unit.view(), side.ids);
  search_where_asked(context, run, *side.exact);
  side.exact = refine_search(std::move(side.exact), steps, thread_count(run.threads));
  return side;
}

GallerySide stored_side(const Context& context, const fs::path& index, const ExecutionOptions& run) {
  GallerySide side;
  side.stored = open_index(context, index, run);
  return side;
}

bool has_text(const std::vector<dataset::Item>& queries) {
  return std::ranges::any_of(queries, [](const dataset::Item& item) { return item.path.empty(); });
}

Sides load_dataset_sides(const Context& context, const SidesInput& input) {
  const auto choice = choose_model(context, input.model, input.execution);
  auto data = load_dataset(context, input.dataset, QueryColumns::keep);
  check_columns(data, input.columns);
  if (input.by_text) query_by_text(data);
  if (has_text(data.queries)) warn_of_texts(context.observer, choice);
  check_not_empty(data, input.index.empty());
  auto gallery = input.index.empty() ? exact_side(context, load_gallery(context, choice, data, input.execution),
                                                  input.execution, choice.steps)
                                     : stored_side(context, input.index, input.execution);
  const auto plain = data.name, name = plain + (input.by_text ? " by text" : "");
  data.name = name;  // for the queries only: both evaluations share the gallery
  if (gallery.stored) check_can_belong(context, *gallery.stored, choice);
  auto queries = load_queries(context, choice, gallery.maps(), data, input.execution);
  data.name = plain;
  auto cache = gallery.vectors.cache;
  report_cache_use(cache += queries.cache, choice.name, context.observer);
  report_lost_images(gallery.stored ? 0 : gallery.vectors.failures, queries.failures, choice.name, context.observer);
  return {choice, name, std::move(data), std::move(gallery), std::move(queries), {}};
}

VectorSet items_of_role(const std::vector<fs::path>& folders, Role role) {
  auto stored = join_sets(folders, split_of(role));
  if (!stored.items.empty() && stored.items.front().role == to_string(role)) return load_into_memory(std::move(stored));
  throw Error(
      ErrorCode::input,
      fmt::format("the embedding sets hold no item of the {}; embed with --split all, or give the set of the {} too",
                  to_string(role), to_string(role)));
}

Sides load_set_sides(const Context& context, const SidesInput& input) {
  auto gallery = input.index.empty()
                     ? exact_side(context, items_of_role(input.embeddings, Role::gallery), input.execution)
                     : stored_side(context, input.index, input.execution);
  auto queries = items_of_role(input.embeddings, Role::queries);
  const auto m = queries.manifest;
  return {{m.model.name, {}}, m.data.name,        {m.data.name, m.data.protocol, {}, {}, {}},
          std::move(gallery), std::move(queries), input.embeddings};
}

/// The vectors of the gallery, even if an index answers for it.
VectorSet gallery_vectors(const Context& context, const Sides& sides, const ExecutionOptions& execution) {
  if (!sides.embeddings.empty()) return load_into_memory(join_sets(sides.embeddings, Split::gallery));
  return load_gallery(context, sides.model, sides.data, execution);
}

}  // namespace

Sides load_sides(const Context& context, const SidesInput& input) {
  return input.embeddings.empty() ? load_dataset_sides(context, input) : load_set_sides(context, input);
}

std::optional<VectorSet> load_indexed_vectors(const Context& context, const Sides& sides,
                                              const ExecutionOptions& execution) {
  const auto& index = *sides.gallery.stored;
  auto vectors = gallery_vectors(context, sides, execution);
  report_cache_use(vectors.cache, sides.model.name, context.observer);
  if (vectors.manifest.data.fingerprint == index.manifest.data.fingerprint) return vectors;
  const auto& m = vectors.manifest;
  context.observer.log(
      LogLevel::warning,
      fmt::format("the loss of the index is unknown: \"{}\" was built over other images ({} items, data {}) than the "
                  "gallery of \"{}\" ({} items, data {}); rebuild it with: matcher index --model {} --dataset {} {}",
                  index.folder.string(), index.items.size(), short_fingerprint(index.manifest.data.fingerprint),
                  m.data.name, vectors.items.size(), short_fingerprint(m.data.fingerprint), m.model.name, m.data.name,
                  place_flag(index.folder)));
  return std::nullopt;
}

}  // namespace matcher::pipeline
