// Where indexes are searched and built: on the GPU that --device names, and on the CPU without one. Answers are the
// same.
#pragma once

#include <optional>
#include <string>

#include "matcher/index/vector_index.hpp"
#include "matcher/pipeline/context.hpp"

namespace matcher::pipeline {

/// Lets the GPU that was asked for, the first of several, search the index; the log says where the search stays on the
/// CPU, and why. Automatic is the CPU. Throws Error(resource) as index::search_on_gpu().
void search_where_asked(const Context& context, const ExecutionOptions& run, index::VectorIndex& index);

/// The GPU that an index of this factory string and dimension is built on, where one was asked for; the log says as
/// above.
std::optional<int> gpu_to_build_on(const Context& context, const ExecutionOptions& run, const std::string& type,
                                   std::size_t d);

}  // namespace matcher::pipeline
