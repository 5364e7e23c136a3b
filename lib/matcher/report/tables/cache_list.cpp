#include "matcher/report/cache_list.hpp"

#include <fmt/format.h>

#include "matcher/core/units.hpp"
#include "matcher/report/tables.hpp"

namespace matcher::report {

Table table_of(const CacheList& list, Format) {
  Table table{{}, {"model", "precision", "device", "dim", "vectors", "size", "last used"}, {}, {}};
  std::uintmax_t bytes = 0;
  for (const auto& cached : list.models) {
    const auto& m = cached.model;
    table.rows.push_back({m.name, m.precision, m.device, fmt::format("{}", m.dimension),
                          fmt::format("{}", cached.vectors), human_bytes(cached.bytes), date(cached.last_used)});
    bytes += cached.bytes;
  }
  table.notes.push_back(fmt::format("{} in all; matcher cache --prune removes what is not needed", human_bytes(bytes)));
  return table;
}

}  // namespace matcher::report
