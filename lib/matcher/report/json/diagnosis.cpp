#include "matcher/report/diagnosis.hpp"

#include "matcher/core/schemas.hpp"
#include "matcher/report/json.hpp"
#include "matcher/report/json/parts.hpp"

namespace matcher::report {

std::string to_json(const Diagnosis& diagnosis) {
  json rows = json::array();
  for (const auto& found : diagnosis.findings)
    rows.push_back({{"subject", found.subject},
                    {"state", to_string(found.state)},
                    {"text", found.text},
                    {"advice", found.advice}});
  return to_text({{"schema", schema::doctor}, {"findings", rows}});
}

}  // namespace matcher::report
