#include "matcher/report/setting_list.hpp"

#include "matcher/core/schemas.hpp"
#include "matcher/report/json.hpp"
#include "matcher/report/json/parts.hpp"

namespace matcher::report {

std::string to_json(const SettingList& list) {
  json rows = json::array();
  for (const auto& setting : list.settings)
    rows.push_back({{"name", setting.name}, {"value", setting.value}, {"origin", setting.origin}});
  return to_text({{"schema", schema::config}, {"file", list.file}, {"settings", rows}});
}

}  // namespace matcher::report
