// Plans an index: type, disk, memory and time, without building it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "matcher/index/plan.hpp"
#include "matcher/pipeline/index.hpp"

namespace matcher::pipeline {

/// The cost of an index of another type.
struct Alternative {
  std::string type;                ///< FAISS factory string
  std::uintmax_t index_bytes = 0;  ///< on disk and in memory
  double query_ms = 0;             ///< one query on one core
  double recall = 0;               ///< expected recall@10; 0: unknown
  double seconds = 0;              ///< to build, after embedding
};

struct IndexPlan {
  index::Plan plan;
  std::size_t vectors = 0, dimension = 0;
  std::uintmax_t item_bytes = 0;          ///< memory for the descriptions of the items
  std::uintmax_t build_bytes = 0;         ///< the most memory that building takes, items and program included
  double seconds = 0;                     ///< to build, after embedding
  std::vector<Alternative> alternatives;  ///< the planned type among them
};

/// Writes nothing, and counts images without reading them; options.output is not used. Throws Error(input) if there are
/// no vectors to index, and as index::plan().
IndexPlan plan_index(const Context& context, const IndexOptions& options);

}  // namespace matcher::pipeline
