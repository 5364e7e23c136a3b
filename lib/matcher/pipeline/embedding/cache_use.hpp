// Counts the vectors that came from the cache, and reports them once per model.
#pragma once

#include <cstddef>
#include <string>

#include "matcher/core/observer.hpp"

namespace matcher::pipeline {

/// Both are 0 for sets that were up to date.
struct CacheUse {
  std::size_t reused = 0;    ///< vectors from the cache
  std::size_t embedded = 0;  ///< vectors that the network computed, and failures

  CacheUse& operator+=(const CacheUse& other);
};

/// Logs nothing if no vector came from the cache.
void report_cache_use(const CacheUse& use, const std::string& model, Observer& observer);

}  // namespace matcher::pipeline
