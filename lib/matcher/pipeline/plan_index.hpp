// Plans an index: type, disk, memory and time, without building it.
#pragma once

#include <cstddef>
#include <cstdint>

#include "matcher/index/plan.hpp"
#include "matcher/pipeline/index.hpp"

namespace matcher::pipeline {

struct IndexPlan {
  index::Plan plan;
  std::size_t vectors = 0, dimension = 0;
  std::uintmax_t item_bytes = 0;   ///< memory for the descriptions of the items
  std::uintmax_t build_bytes = 0;  ///< the most memory that building takes, items and program included
  double seconds = 0;              ///< to build, after embedding
};

/// Writes nothing, and counts images without reading them; options.output is not used. Throws Error(input) if there are
/// no vectors to index, and as index::plan().
IndexPlan plan_index(const Context& context, const IndexOptions& options);

}  // namespace matcher::pipeline
