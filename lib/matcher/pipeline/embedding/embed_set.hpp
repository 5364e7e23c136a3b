// Embeds a dataset by a model into one embedding set, unless the set is up to date.
#pragma once

#include <filesystem>

#include "matcher/pipeline/embed.hpp"
#include "matcher/pipeline/embedding/resolve.hpp"

namespace matcher::pipeline {

/// Does the work of embed() for a loaded dataset and a chosen model; options.model and options.dataset are not used.
EmbedResult embed_set(const Context& context, const EmbedOptions& options, const dataset::Dataset& data,
                      const ModelChoice& choice);

}  // namespace matcher::pipeline
