// The two sides of an evaluation: the gallery that is searched, and the queries.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "matcher/pipeline/eval.hpp"
#include "matcher/pipeline/search/answer.hpp"
#include "matcher/pipeline/vectors/stored_vectors.hpp"

namespace matcher::pipeline {

/// A stored index, or exact search over the gallery's embeddings.
struct GallerySide {
  std::optional<LoadedIndex> stored;
  VectorSet vectors;
  std::vector<std::string> ids;
  std::unique_ptr<index::VectorIndex> exact;

  Gallery gallery() const {
    if (stored) return {stored->items, stored->index.get()};
    return {vectors.items, exact.get()};
  }
  std::string fingerprint() const {
    return stored ? stored->manifest.data.fingerprint : vectors.manifest.data.fingerprint;
  }
  std::size_t failures() const { return stored ? stored->manifest.failures : vectors.failures; }
};

/// What an evaluation looks at.
struct Sides {
  ModelChoice model;      ///< of sets: its name alone
  std::string name;       ///< of the dataset as it is evaluated
  dataset::Dataset data;  ///< of sets: its name and protocol alone
  GallerySide gallery;
  VectorSet queries;
};

/// Of the dataset, or of the embedding sets, that the options name; the gallery is that of options.index, where it
/// names one. Throws Error(input) for a side without items.
Sides sides_of(const Context& context, const EvalOptions& options);

/// The vectors of the gallery that the sides' index was built over. Nothing, with a warning, where it was built over
/// others.
std::optional<VectorSet> vectors_behind(const Context& context, const EvalOptions& options, const Sides& sides);

}  // namespace matcher::pipeline
