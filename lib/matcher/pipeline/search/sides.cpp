#include "matcher/pipeline/search/sides.hpp"

#include <fmt/format.h>

#include "matcher/core/error.hpp"
#include "matcher/core/names.hpp"
#include "matcher/pipeline/search/search_device.hpp"

namespace matcher::pipeline {
namespace {

void check_not_empty(const dataset::Dataset& data, bool needs_gallery) {
  if (needs_gallery && data.gallery.empty()) {
    throw Error(
        ErrorCode::input,
        fmt::format("dataset \"{}\" has an empty gallery: nothing to find; check the roles and splits of its sources",
                    data.name));
  }
  if (data.queries.empty()) {
    throw Error(
        ErrorCode::input,
        fmt::format(
            "dataset \"{}\" has no queries: nothing to evaluate; name them with a split column (gallery, query) "
            "or in the roles of its dataset.yaml",
            data.name));
  }
}

/// Leaves of each query its text alone.
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

GallerySide exact_side(const Context& context, VectorSet vectors, const ExecutionOptions& run) {
  GallerySide side;
  side.vectors = std::move(vectors);
  side.ids = ids_of(side.vectors.items);
  side.exact = index::exact_search(side.vectors.unit.view(), side.ids);
  search_where_asked(context, run, *side.exact);
  return side;
}

GallerySide stored_side(const Context& context, const fs::path& index, const ExecutionOptions& run) {
  GallerySide side;
  side.stored = open_index(context, index, run);
  return side;
}

Sides sides_of_dataset(const Context& context, const EvalOptions& options) {
  const auto choice = choose_model(context, options.model);
  auto data = load_dataset(context, options.dataset);
  if (options.by_text) query_by_text(data);
  check_not_empty(data, options.index.empty());
  auto gallery =
      options.index.empty()
          ? exact_side(context, embedded(context, choice, options.dataset, data, Split::gallery, options.execution),
                       options.execution)
          : stored_side(context, options.index, options.execution);
  const auto plain = data.name, name = plain + (options.by_text ? " by text" : "");
  data.name = name;  // of the queries alone: the gallery is that of both
  auto queries = embedded(context, choice, options.dataset, data, Split::queries, options.execution);
  data.name = plain;
  return {choice, name, std::move(data), std::move(gallery), std::move(queries)};
}

VectorSet items_of_role(const std::vector<fs::path>& folders, Role role) {
  auto stored = joined(folders, split_of(role));
  if (!stored.items.empty() && stored.items.front().role == to_string(role)) return in_memory(std::move(stored));
  throw Error(
      ErrorCode::input,
      fmt::format("the embedding sets hold no item of the {}; embed with --split all, or give the set of the {} too",
                  to_string(role), to_string(role)));
}

Sides sides_of_sets(const Context& context, const EvalOptions& options) {
  auto gallery = options.index.empty()
                     ? exact_side(context, items_of_role(options.embeddings, Role::gallery), options.execution)
                     : stored_side(context, options.index, options.execution);
  auto queries = items_of_role(options.embeddings, Role::queries);
  const auto m = queries.manifest;
  return {{m.model.name, {}},
          m.data.name,
          {m.data.name, m.data.protocol, {}, {}, {}},
          std::move(gallery),
          std::move(queries)};
}

/// Of the options' gallery, whether an index answers for it or not.
VectorSet gallery_vectors(const Context& context, const EvalOptions& options, const Sides& sides) {
  if (!options.embeddings.empty()) return in_memory(joined(options.embeddings, Split::gallery));
  return embedded(context, sides.model, options.dataset, sides.data, Split::gallery, options.execution);
}

}  // namespace

Sides sides_of(const Context& context, const EvalOptions& options) {
  return options.embeddings.empty() ? sides_of_dataset(context, options) : sides_of_sets(context, options);
}

std::optional<VectorSet> vectors_behind(const Context& context, const EvalOptions& options, const Sides& sides) {
  const auto& index = *sides.gallery.stored;
  auto vectors = gallery_vectors(context, options, sides);
  if (vectors.manifest.data.fingerprint == index.manifest.data.fingerprint) return vectors;
  const auto& m = vectors.manifest;
  context.observer.log(
      LogLevel::warning,
      fmt::format("what the index loses is not told: \"{}\" was built over other pictures ({} items, data {}) than the "
                  "gallery of \"{}\" ({} items, data {}); rebuild it with: matcher index --model {} --dataset {} {}",
                  index.folder.string(), index.items.size(), short_fingerprint(index.manifest.data.fingerprint),
                  m.data.name, vectors.items.size(), short_fingerprint(m.data.fingerprint), m.model.name, m.data.name,
                  place_flag(index.folder)));
  return std::nullopt;
}

}  // namespace matcher::pipeline
