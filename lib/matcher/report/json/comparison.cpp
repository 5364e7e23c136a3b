#include "matcher/report/comparison.hpp"

#include "matcher/core/schemas.hpp"
#include "matcher/report/json.hpp"
#include "matcher/report/json/parts.hpp"

namespace matcher::report {
namespace {

using report::as_json;

json as_json(const Contender& one, bool with_gain) {
  json out{{"model", one.model},
           {"run", one.run},
           {"value", one.value.value},
           {"low", one.value.low},
           {"high", one.value.high}};
  if (with_gain) out["behind"] = as_json(one.behind);
  return out;
}

json as_json(const std::vector<Contender>& all) {
  json out = json::array();
  for (const auto& one : all) out.push_back(as_json(one, true));
  return out;
}

json as_json(const ModelVerdict& v) {
  return {{"metric", v.metric},
          {"best", as_json(v.best, false)},
          {"not_shown_to_differ", as_json(v.not_shown_to_differ)},
          {"worse", as_json(v.worse)},
          {"sentence", sentence(v)}};
}

json as_json(const Answered& a) { return {{"id", a.id}, {"label", a.label}, {"name", a.name}}; }

json as_json(const std::vector<Change>& changes) {
  json all = json::array();
  for (const auto& c : changes)
    all.push_back({{"id", c.id},
                   {"path", c.path},
                   {"label", c.label},
                   {"name", c.name},
                   {"before", as_json(c.before)},
                   {"after", as_json(c.after)}});
  return all;
}

json as_json(const Cost& cost) {
  json out = {{"vector_bytes", cost.vector_bytes},
              {"million_vectors_bytes", 1'000'000 * cost.vector_bytes},
              {"ten_million_vectors_bytes", 10'000'000 * cost.vector_bytes},
              {"parameters", cost.parameters},
              {"license", cost.license}};
  out["price_per_million"] = cost.price_per_million ? json(*cost.price_per_million) : json(nullptr);
  return out;
}

json as_json(const Row& row) {
  json gain = json::object();
  for (const auto& [name, g] : row.gains) gain[name] = as_json(g);
  const auto& r = row.report;
  json out = {
      {"model", as_json(r.model)}, {"run", row.run}, {"metrics", as_json(r.metrics)}, {"speed", as_json(r.speed)}};
  if (!r.losses.empty()) out["losses"] = as_json(r.losses);
  if (r.near_duplicates) out["near_duplicates"] = as_json(*r.near_duplicates);
  if (row.cost) out["cost"] = as_json(*row.cost);
  out["gain"] = gain;
  out["broken"] = as_json(row.changes.broken);
  out["fixed"] = as_json(row.changes.fixed);
  return out;
}

json as_json(const Common& common, const std::vector<Row>& rows) {
  json gallery = json::array();
  for (const auto& row : rows) gallery.push_back(row.report.dataset.gallery);
  return {{"queries", common.queries}, {"left_out", common.left_out}, {"gallery", gallery}};
}

/// Says of each row with a trial if its speed can be compared, and which one is fastest.
void add_speed(json& out, const Comparison& c) {
  if (!has_trials(c)) return;
  const auto trials = trials_of(c);
  const auto all = doubts(trials);
  for (std::size_t i = 0; i < trials.size(); ++i) {
    out["rows"][i]["speed"]["comparable"] = all[i].empty();
    if (!all[i].empty()) out["rows"][i]["speed"]["doubt"] = all[i];
  }
  const auto first = fastest(trials);
  out["fastest"] = nullptr;
  if (first) out["fastest"] = {{"model", c.rows[*first].report.model.name}, {"run", c.rows[*first].run}};
}

}  // namespace

std::string to_json(const Comparison& c) {
  json rows = json::array();
  for (const auto& row : c.rows) rows.push_back(as_json(row));
  const auto dataset = c.rows.empty() ? json::object() : as_json(c.rows[0].report.dataset);
  json out{{"schema", schema::comparison},
           {"baseline", c.baseline},
           {"dataset", dataset},
           {"resample", eval::name_of(c.resample)},
           {"rows", rows}};
  add_speed(out, c);
  if (c.verdict) out["verdict"] = as_json(*c.verdict);
  if (c.gate) out["gate"] = as_json(*c.gate);
  if (c.common) out["common"] = as_json(*c.common, c.rows);
  return to_text(out);
}

}  // namespace matcher::report
