#include "matcher/report/cache_list.hpp"

#include <fmt/format.h>

#include "matcher/core/units.hpp"
#include "matcher/report/tables.hpp"

namespace matcher::report {

Table table_of(const CacheList& list, Format format) {
  const bool csv = format == Format::csv;
  Table table{{}, {"model", "precision", "device", "dim", "vectors", "size", "last used"}, {}, {}};
  if (csv) table.columns = {"model", "precision", "device", "dimension", "vectors", "bytes", "last_used"};
  std::uintmax_t bytes = 0;
  for (const auto& cached : list.models) {
    const auto& m = cached.model;
    table.rows.push_back({m.name, m.precision, m.device, fmt::format("{}", m.dimension),
                          fmt::format("{}", cached.vectors),
                          csv ? fmt::format("{}", cached.bytes) : human_bytes(cached.bytes), date(cached.last_used)});
    bytes += cached.bytes;
  }
  table.notes.push_back(fmt::format("{} in all; matcher cache --prune removes what is not needed", human_bytes(bytes)));
  return table;
}

}  // namespace matcher::report
