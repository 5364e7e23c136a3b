// Measures the speed of a model and an index in a short trial of its own.
#pragma once

#include <optional>

#include "matcher/pipeline/search/sides.hpp"
#include "matcher/report/speed.hpp"

namespace matcher::pipeline {

/// Loads the network again, and embeds and searches up to 16 queries, spread over the dataset, three times: first one
/// image at a time, then in batches. Nothing comes from the cache. Nothing, with a warning, if no image is readable.
std::optional<report::SpeedTrial> try_speed(const Context& context, const Sides& sides,
                                            const ExecutionOptions& execution);

}  // namespace matcher::pipeline
