// Opens the vectors of a variant of a model, such as NAME@centre@dba=5: both sides with the steps that change vectors.
#pragma once

#include "matcher/pipeline/embedding/resolve.hpp"
#include "matcher/pipeline/vectors/vector_set.hpp"

namespace matcher::pipeline {

/// embed_or_open(), then the steps of the variant that change the gallery. Maps that queries need are in `maps` of the
/// result. Throws Error(usage) for a dimension that the gallery does not allow.
StoredVectors open_gallery(const Context& context, const ModelChoice& choice, const dataset::Dataset& data, Split split,
                           const ExecutionOptions& execution);

/// open_gallery(), read into memory.
VectorSet load_gallery(const Context& context, const ModelChoice& choice, const dataset::Dataset& data,
                       const ExecutionOptions& execution);

/// The queries of a dataset, changed as `maps` and steps of their gallery say.
VectorSet load_queries(const Context& context, const ModelChoice& choice, const Maps& maps,
                       const dataset::Dataset& data, const ExecutionOptions& execution);

/// Changes unit vectors of queries by the steps that map them.
Matrix map_queries(const refine::Steps& steps, const Maps& maps, Matrix unit);

/// Changes unit vectors of a gallery with these ids step by step. Returns the maps that were learnt, in their order.
Maps refine_gallery(const refine::Steps& steps, Matrix& unit, std::span<const std::string> ids);

/// Throws Error(usage) if the variant has steps that are done while queries are searched. `next` as below.
void check_no_search_steps(const ModelChoice& choice, const std::string& next);

/// Throws Error(usage) if the variant has steps after embedding. `next` is the rest of the sentence.
void check_no_later_steps(const ModelChoice& choice, const std::string& next);

}  // namespace matcher::pipeline
