#include "matcher/report/model_list.hpp"

#include "matcher/core/schemas.hpp"
#include "matcher/report/json.hpp"
#include "matcher/report/json/parts.hpp"

namespace matcher::report {

std::string to_json(const ModelList& list) {
  json rows = json::array();
  for (const auto& m : list.models) {
    rows.push_back({{"name", m.name},
                    {"dimension", m.dimension},
                    {"ready", m.ready},
                    {"size_bytes", m.size_bytes},
                    {"path", m.path},
                    {"source", m.source},
                    {"license", m.license},
                    {"next_command", m.next_command},
                    {"parameters", m.parameters},
                    {"height", m.height},
                    {"width", m.width},
                    {"takes_texts", m.takes_texts},
                    {"family", m.family}});
  }
  return to_text({{"schema", schema::models}, {"models", rows}});
}

}  // namespace matcher::report
