#include "matcher/report/adaptation.hpp"

#include "matcher/core/schemas.hpp"
#include "matcher/report/json.hpp"
#include "matcher/report/json/parts.hpp"

namespace matcher::report {
namespace {

using report::as_json;

json as_json(const AdaptationSettings& s) {
  json j = {{"method", s.method}};
  if (s.shrinkage) j["shrinkage"] = *s.shrinkage;
  if (s.power) j["power"] = *s.power;
  j["dimension"] = s.dimension;
  j["tried"] = s.tried;
  j["photos"] = s.photos;
  j["chosen"] = s.chosen;
  j["reason"] = s.reason;
  return j;
}

json as_json(const AdaptationRow& row) {
  json gains = json::object();
  for (const auto& [name, gain] : row.gains) gains[name] = as_json(gain);
  return {{"protocol", name_of(row.protocol)}, {"queries", row.queries},
          {"products", row.products},          {"folds", row.folds},
          {"own_queries", row.own_queries},    {"base", as_json(row.base)},
          {"adapted", as_json(row.adapted)},   {"gains", gains}};
}

json as_json(const std::vector<CurvePoint>& curve) {
  json all = json::array();
  for (const auto& point : curve) all.push_back({{"dimension", point.dimension}, {"metrics", as_json(point.metrics)}});
  return all;
}

json as_json(const std::vector<RequiredGain>& required) {
  json all = json::array();
  for (const auto& gain : required)
    all.push_back({{"metric", gain.metric},
                   {"least", gain.least},
                   {"value", gain.value},
                   {"verdict", eval::name_of(gain.verdict)}});
  return all;
}

}  // namespace

std::string to_json(const Adaptation& a) {
  json rows = json::array();
  for (const auto& row : a.rows) rows.push_back(as_json(row));
  json out = {
      {"schema", schema::adaptation},
      {"base", as_json(a.base)},
      {"model", as_json(a.model)},
      {"file", a.file.string()},
      {"learnt_on", {{"dataset", a.dataset}, {"fingerprint", a.data}, {"photos", a.photos}, {"products", a.products}}},
      {"sample", {{"photos", a.sample}, {"series", a.series}}},
      {"settings", as_json(a.settings)},
      {"rows", rows},
      {"verdict", sentence(a)}};
  if (!a.curve.empty()) out["curve"] = as_json(a.curve);
  if (!a.base_curve.empty()) out["base_curve"] = as_json(a.base_curve);
  if (!a.required.empty()) out["gate"] = {{"verdict", eval::name_of(a.verdict())}, {"gains", as_json(a.required)}};
  return to_text(out);
}

}  // namespace matcher::report
