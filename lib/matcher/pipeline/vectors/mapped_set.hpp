// Embeds a dataset by any model into one embedding set. An adapted model maps the vectors of its base.
#pragma once

#include "matcher/pipeline/embed.hpp"
#include "matcher/pipeline/embedding/resolve.hpp"

namespace matcher::pipeline {

/// Does the work of embed() for a loaded dataset and a chosen model. An adapted model embeds what is missing of its
/// base's vectors, and maps them. Throws as embed_set().
EmbedResult embed_or_map(const Context& context, const EmbedOptions& options, const dataset::Dataset& data,
                         const ModelChoice& choice);

}  // namespace matcher::pipeline
