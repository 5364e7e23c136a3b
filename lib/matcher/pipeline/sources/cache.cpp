#include "matcher/pipeline/cache.hpp"

#include <fmt/format.h>

#include "matcher/core/units.hpp"

namespace matcher::pipeline {
namespace {

void warn_of_damage(Observer& observer, const store::DamagedCache& damaged) {
  observer.log(
      LogLevel::warning,
      fmt::format(
          "\"{}\" has {} of vectors, but its key.json is damaged, so they are not listed. Embed again with their "
          "model, which restores it, or remove them: matcher cache --prune --model {}",
          damaged.folder.string(), human_bytes(damaged.bytes), damaged.folder.filename().string()));
}

}  // namespace

report::CacheList list_cache(const Context& context) {
  for (const auto& damaged : store::damaged_caches(vector_cache(context))) warn_of_damage(context.observer, damaged);
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
