// Lists and prunes the vectors that the work folder keeps by content: `matcher cache`.
#pragma once

#include "matcher/pipeline/context.hpp"
#include "matcher/report/cache_list.hpp"
#include "matcher/store/cache.hpp"

namespace matcher::pipeline {

/// The models that have cached vectors, the last used first. Warns of folders whose key is damaged.
report::CacheList list_cache(const Context& context);

/// Removes the vectors that `options` choose, but none of a model that another process uses.
store::Pruned prune_cache(const Context& context, const store::PruneOptions& options);

}  // namespace matcher::pipeline
