#include "matcher/report/cache_list.hpp"

#include "matcher/core/schemas.hpp"
#include "matcher/report/json.hpp"
#include "matcher/report/json/parts.hpp"

namespace matcher::report {

std::string to_json(const CacheList& list) {
  json rows = json::array();
  for (const auto& cached : list.models) {
    const auto& m = cached.model;
    rows.push_back({{"model", m.name},
                    {"fingerprint", m.fingerprint},
                    {"precision", m.precision},
                    {"device", m.device},
                    {"dimension", m.dimension},
                    {"vectors", cached.vectors},
                    {"bytes", cached.bytes},
                    {"folder", cached.folder},
                    {"last_used", date(cached.last_used)}});
  }
  return to_text({{"schema", schema::cache_list}, {"models", rows}});
}

}  // namespace matcher::report
