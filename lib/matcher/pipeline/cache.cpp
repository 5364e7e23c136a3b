#include "matcher/pipeline/cache.hpp"

namespace matcher::pipeline {

report::CacheList list_cache(const Context& context) {
  report::CacheList list;
  for (const auto& use : store::cache_uses(vector_cache(context))) {
    list.models.push_back({.model = use.model,
                           .vectors = use.vectors,
                           .bytes = use.bytes,
                           .folder = use.folder.string(),
                           .last_used = use.last_used});
  }
  return list;
}

store::Pruned prune_cache(const Context& context, const store::PruneOptions& options) {
  return store::prune_cache(vector_cache(context), options);
}

}  // namespace matcher::pipeline
