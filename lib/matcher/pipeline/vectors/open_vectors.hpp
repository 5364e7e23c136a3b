// Opens the vectors that a command names, and embeds those that are missing.
#pragma once

#include <string>

#include "matcher/pipeline/embedding/resolve.hpp"
#include "matcher/pipeline/shard.hpp"
#include "matcher/pipeline/vector_input.hpp"
#include "matcher/pipeline/vectors/stored_vectors.hpp"

namespace matcher::pipeline {

/// Embeds the members' missing sets, then opens the vectors of all members. Throws Error(mismatch) if two members
/// embedded different items.
StoredVectors embed_or_open(const Context& context, const ModelChoice& choice, const dataset::Dataset& data,
                            Split split, const ExecutionOptions& execution, const Shard& shard = {});

/// Joins the embedding sets of `input`, or embeds what is missing of its dataset by its model.
StoredVectors load_or_embed_vectors(const Context& context, const VectorInput& input,
                                    const ExecutionOptions& execution);

}  // namespace matcher::pipeline
