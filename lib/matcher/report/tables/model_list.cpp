#include "matcher/report/model_list.hpp"

#include <fmt/format.h>

#include "matcher/core/units.hpp"
#include "matcher/report/tables.hpp"

namespace matcher::report {

Table table_of(const ModelList& list, Format format) {
  const bool csv = format == Format::csv;
  Table table{{}, {"model", "dim", "size", "state", "source"}, {}, {}};
  if (csv) table.columns = {"model", "dimension", "size_bytes", "state", "source"};
  for (const auto& m : list.models) {
    const auto* state = !m.ready ? "missing" : m.built_in ? "built in" : "ready";
    const auto size = csv ? fmt::format("{}", m.size_bytes) : human_bytes(m.size_bytes);
    table.rows.push_back({m.name, fmt::format("{}", m.dimension), m.ready ? size : "", state, m.source});
    if (!m.ready) table.notes.push_back(fmt::format("{} is missing; next: {}", m.name, m.next_command));
  }
  return table;
}

}  // namespace matcher::report
