// Loads the two sides of an evaluation: the gallery, with its index, and the queries.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "matcher/pipeline/search/answer.hpp"
#include "matcher/pipeline/search/loaded_index.hpp"
#include "matcher/pipeline/vectors/vector_set.hpp"

namespace matcher::pipeline {

/// Names the two sides.
struct SidesInput {
  std::string model;  ///< used, as is `dataset`, if there are no embedding sets
  DatasetRequest dataset;
  std::vector<std::filesystem::path> embeddings;  ///< embedding sets of gallery and queries, joined
  std::filesystem::path index;                    ///< a folder or the address of a database; empty: exact search
  bool by_text = false;                           ///< the queries are texts, not images
  ExecutionOptions execution;
  std::vector<std::string> columns{};  ///< checked before anything is embedded: a query of the dataset must have each
};

/// A stored index, or exact search over the gallery's embeddings.
struct GallerySide {
  std::optional<LoadedIndex> stored;
  VectorSet vectors;
  std::vector<std::string> ids;
  std::unique_ptr<index::VectorIndex> exact;

  const Maps& maps() const { return stored ? stored->maps : vectors.maps; }
  Gallery gallery() const {
    if (stored) return {stored->items, stored->index.get()};
    return {vectors.items, exact.get()};
  }
  std::string fingerprint() const {
    return stored ? stored->manifest.data.fingerprint : vectors.manifest.data.fingerprint;
  }
  std::size_t failures() const { return stored ? stored->manifest.failures : vectors.failures; }
};

/// The two sides of an evaluation.
struct Sides {
  ModelChoice model;      ///< for embedding sets: only its name
  std::string name;       ///< the dataset's name in the report
  dataset::Dataset data;  ///< for embedding sets: only its name and protocol
  GallerySide gallery;
  VectorSet queries;
  std::vector<std::filesystem::path> embeddings;  ///< the embedding sets that they were loaded from
};

/// Throws Error(input) for a dataset without queries, or without the gallery that is needed.
void check_not_empty(const dataset::Dataset& data, bool needs_gallery);

/// Loads the stored index, or embeds the gallery, and embeds the queries. Throws Error(input) for a side without items.
Sides load_sides(const Context& context, const SidesInput& input);

/// Loads the gallery vectors that the stored index was built over; none, with a warning, if it was built over others.
std::optional<VectorSet> load_indexed_vectors(const Context& context, const Sides& sides,
                                              const ExecutionOptions& execution);

}  // namespace matcher::pipeline
