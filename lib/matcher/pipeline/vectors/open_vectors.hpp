// Opens the vectors that a command names, and embeds those that are missing.
#pragma once

#include <string>

#include "matcher/pipeline/embedding/resolve.hpp"
#include "matcher/pipeline/shard.hpp"
#include "matcher/pipeline/vectors/stored_vectors.hpp"

namespace matcher::pipeline {

/// Embeds the members' missing sets, then opens the vectors of all members. Throws Error(mismatch) if two members
/// embedded different items.
StoredVectors embed_or_open(const Context& context, const ModelChoice& choice, const dataset::Dataset& data,
                            Split split, const ExecutionOptions& execution, const Shard& shard = {});

}  // namespace matcher::pipeline
