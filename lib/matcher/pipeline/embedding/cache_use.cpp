#include "matcher/pipeline/embedding/cache_use.hpp"

#include <fmt/format.h>

namespace matcher::pipeline {

CacheUse& CacheUse::operator+=(const CacheUse& other) {
  reused += other.reused;
  embedded += other.embedded;
  return *this;
}

void report_cache_use(const CacheUse& use, const std::string& model, Observer& observer) {
  if (use.reused == 0) return;
  observer.log(LogLevel::info, use.embedded == 0
                                   ? fmt::format("{}: all vectors from the cache", model)
                                   : fmt::format("{}: {} of {} vectors from the cache, {} embedded", model, use.reused,
                                                 use.reused + use.embedded, use.embedded));
}

}  // namespace matcher::pipeline
