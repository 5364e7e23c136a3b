// Deals the products of a dataset into two halves: one decides, and on the other nothing was chosen.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "matcher/pipeline/learning/recipe.hpp"
#include "matcher/pipeline/vectors/vector_set.hpp"

namespace matcher::pipeline {

/// The vectors of all models, on all products.
struct LoadedModels {
  std::vector<ModelChoice> choices;
  std::vector<VectorSet> galleries, queries;
  std::vector<double> images_per_second;
};

/// Throws Error(usage) for no model, a model that is named twice, and models that are joined, adapted, or variants
/// after embedding.
std::vector<ModelChoice> choose_single_models(const Context& context, const std::vector<std::string>& models,
                                              const ExecutionOptions& execution);

/// Embeds what is missing. Throws Error(mismatch) if two models embedded different images.
LoadedModels load_models(const Context& context, std::vector<ModelChoice> choices, const dataset::Dataset& data,
                         const ExecutionOptions& execution);

struct Halves {
  Half searched;  ///< decides
  Half reported;  ///< decides nothing
};

/// Deals the products that both sides have by the hashes of their labels. Queries with the bytes of a gallery photo are
/// left out. Throws Error(input) for fewer than four products, and for a half without queries.
Halves deal_halves(const LoadedModels& models, const std::string& dataset, int threads);

}  // namespace matcher::pipeline
