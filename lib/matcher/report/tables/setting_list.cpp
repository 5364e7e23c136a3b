#include "matcher/report/setting_list.hpp"

#include "matcher/report/tables.hpp"

namespace matcher::report {

Table table_of(const SettingList& list, Format) {
  Table table{{}, {"setting", "value", "from"}, {}, {}};
  for (const auto& setting : list.settings) table.rows.push_back({setting.name, setting.value, setting.origin});
  table.notes.push_back(list.file.empty() ? "no matcher.yaml was found" : "configuration: " + list.file);
  return table;
}

}  // namespace matcher::report
