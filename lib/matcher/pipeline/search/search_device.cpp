#include "matcher/pipeline/search/search_device.hpp"

#include <fmt/format.h>

#include "matcher/index/gpu.hpp"

namespace matcher::pipeline {

void search_where_asked(const Context& context, const ExecutionOptions& run, index::VectorIndex& index) {
  if (run.device.kind != Device::Kind::cuda) return;
  if (const auto why = index::search_on_gpu(index, run.device.index); !why.empty())
    context.observer.log(LogLevel::info, fmt::format("the search runs on the CPU: {}", why));
}

std::optional<int> gpu_to_build_on(const Context& context, const ExecutionOptions& run, const std::string& type,
                                   std::size_t d) {
  if (run.device.kind != Device::Kind::cuda) return std::nullopt;
  if (index::why_no_gpu().empty()) index::require_gpu(run.device.index);
  if (type == "Flat") return std::nullopt;  // a copy of the vectors on any device
  const auto why = index::why_not_built_on_gpu(type, d);
  if (why.empty()) return run.device.index;
  context.observer.log(LogLevel::info, fmt::format("the index is built on the CPU: {}", why));
  return std::nullopt;
}

}  // namespace matcher::pipeline
