// Searches an index with the steps of a variant that are done at search time: query expansion, re-ranking.
#pragma once

#include <memory>

#include "matcher/index/vector_index.hpp"
#include "matcher/refine/steps.hpp"

namespace matcher::pipeline {

/// Returns `plain` itself if no step is done at search time. The steps read gallery vectors: those of the index, or
/// what its codes decode to. Throws Error(usage) if the index cannot decode them.
std::unique_ptr<index::VectorIndex> refine_search(std::unique_ptr<index::VectorIndex> plain, const refine::Steps& steps,
                                                  int threads);

/// Searches `plain` with the steps with which `like` is searched.
std::unique_ptr<index::VectorIndex> refine_alike(const index::VectorIndex& like,
                                                 std::unique_ptr<index::VectorIndex> plain);

/// True if the scores of answers are still cosines between a query and a photo of the gallery.
bool keeps_cosines(const refine::Steps& steps);

}  // namespace matcher::pipeline
