// Chooses where indexes are searched and built: the GPU that --device names, otherwise the CPU. Answers are the same.
#pragma once

#include <optional>
#include <string>

#include "matcher/index/vector_index.hpp"
#include "matcher/pipeline/context.hpp"

namespace matcher::pipeline {

/// Lets the requested GPU, the first of several, search the index. Logs the reason if the search stays on the CPU; an
/// automatic device is the CPU. Throws Error(resource) as index::search_on_gpu().
void search_where_asked(const Context& context, const ExecutionOptions& run, index::VectorIndex& index);

/// The requested GPU, if it can build an index of this factory string and dimension. Logs the reason otherwise.
std::optional<int> gpu_to_build_on(const Context& context, const ExecutionOptions& run, const std::string& type,
                                   std::size_t d);

}  // namespace matcher::pipeline
