#include "matcher/report/tuning.hpp"

#include "matcher/core/schemas.hpp"
#include "matcher/report/json.hpp"
#include "matcher/report/json/parts.hpp"

namespace matcher::report {
namespace {

using report::as_json;

json as_json(const Recipe& r) {
  json j = {{"models", r.models}};
  if (!r.method.empty()) j["method"] = r.method;
  if (r.shrinkage) j["shrinkage"] = *r.shrinkage;
  if (r.power) j["power"] = *r.power;
  if (!r.steps.empty()) j["steps"] = r.steps;
  j["dimension"] = r.dimension;
  j["images_per_second"] = r.images_per_second;
  return j;
}

json as_json(const TuningHalf& half) {
  return {{"products", half.products}, {"gallery", half.photos}, {"queries", half.queries}};
}

json as_json(const TunedRow& row) {
  json gains = json::object();
  for (const auto& [name, gain] : row.gains) gains[name] = as_json(gain);
  return {{"recipe", as_json(row.recipe)},     {"front", row.on_front},
          {"baseline", row.is_baseline},       {"searched", as_json(row.searched)},
          {"reported", as_json(row.reported)}, {"gains", gains}};
}

}  // namespace

std::string to_json(const TunedRecipes& t) {
  json trials = json::array(), rows = json::array(), limits = json::object();
  for (const auto& trial : t.trials) trials.push_back({{"recipe", as_json(trial.recipe)}, {"value", trial.value}});
  for (const auto& row : t.rows) rows.push_back(as_json(row));
  if (t.max_dimension) limits["max_dimension"] = *t.max_dimension;
  if (t.min_speed) limits["min_speed"] = *t.min_speed;
  json out = {{"schema", schema::tuning}};
  add_made(out, t.made);
  out.update({{"dataset", {{"name", t.dataset}, {"fingerprint", t.data}}},
              {"metric", t.metric},
              {"limits", limits},
              {"searched", as_json(t.searched)},
              {"reported", as_json(t.reported)},
              {"complete", t.complete},
              {"trials", trials},
              {"rows", rows},
              {"verdict", sentence(t)},
              {"commands", t.commands}});
  return to_text(out);
}

}  // namespace matcher::report
