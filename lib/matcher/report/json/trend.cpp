#include "matcher/report/trend.hpp"

#include "matcher/core/schemas.hpp"
#include "matcher/report/json.hpp"
#include "matcher/report/json/parts.hpp"

namespace matcher::report {
namespace {

json as_json(const Night& night, const Trend& trend) {
  json row{{"run", night.run},
           {"created", night.created},
           {"host", night.host},
           {"model", {{"name", night.model}, {"fingerprint", night.fingerprint}}},
           {"value", report::as_json(night.value)},
           {"queries", night.queries},
           {"common", night.common},
           {"gain", report::as_json(night.gain)},
           {"verdict", eval::name_of(night.verdict)}};
  if (trend.max_drop)
    row["drop"] = {{"value", night.drop.value}, {"p_within", night.drop.p_within}, {"p_beyond", night.drop.p_beyond}};
  return row;
}

}  // namespace

std::string to_json(const Trend& trend) {
  json rows = json::array();
  for (const auto& night : trend.nights) rows.push_back(as_json(night, trend));
  json out{{"schema", schema::trend},
           {"metric", trend.metric},
           {"reference", {{"run", trend.reference}, {"value", as_json(trend.reference_value)}}},
           {"max_drop", trend.max_drop ? json(*trend.max_drop) : json(nullptr)},
           {"first_bad", trend.first_bad() ? json(trend.first_bad()->run) : json(nullptr)},
           {"sentence", sentence(trend)},
           {"nights", rows}};
  return to_text(out);
}

}  // namespace matcher::report
