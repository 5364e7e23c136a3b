#include "matcher/report/report.hpp"

#include "matcher/core/schemas.hpp"
#include "matcher/report/json.hpp"
#include "matcher/report/json/parts.hpp"
#include "matcher/report/verdict.hpp"

namespace matcher::report {
namespace {

using report::as_json;

json rows_of(const std::vector<eval::Group>& groups, const char* key, const Report* names) {
  json rows = json::array();
  for (const auto& g : groups) {
    json row = {{key, g.key}, {"queries", g.queries}, {"gallery", g.gallery}};
    if (names) row["name"] = name_of(*names, g.key);
    row["metrics"] = {{"top1", as_json(g.top1)}, {"mrr", {{"value", g.mrr}}}, {"map", {{"value", g.map}}}};
    rows.push_back(row);
  }
  return rows;
}

json rows_of(const Report& r, const std::vector<eval::Confusion>& confused) {
  json rows = json::array();
  for (const auto& c : confused) {
    rows.push_back({{"label", c.label},
                    {"name", name_of(r, c.label)},
                    {"answered", c.answered},
                    {"answered_name", name_of(r, c.answered)},
                    {"count", c.count},
                    {"queries", c.queries}});
  }
  return rows;
}

json as_json(const std::vector<LearntOn>& all) {
  json rows = json::array();
  for (const auto& l : all)
    rows.push_back({{"model", l.model},
                    {"dataset", l.dataset},
                    {"fingerprint", l.data},
                    {"photos", l.photos},
                    {"products", l.products},
                    {"queries", l.queries},
                    {"queries_learnt", l.known}});
  return rows;
}

std::vector<LearntOn> read_learnt_on(const json& j) {
  std::vector<LearntOn> all;
  for (const auto& l : j)
    all.push_back({l.at("model"), l.at("dataset"), l.at("fingerprint"), l.at("photos"), l.at("products"),
                   l.at("queries"), l.at("queries_learnt")});
  return all;
}

Losses read_losses(const json& j) {
  Losses losses;
  for (const auto& [name, loss] : j.items())
    losses.push_back(
        {known_metric(name), {loss.at("model"), loss.at("ties"), loss.at("quantisation"), loss.at("approximation")}});
  return losses;
}

NearDuplicates read_near_duplicates(const json& j) {
  NearDuplicates found;
  found.limit = j.at("limit");
  found.copies = j.at("copies");
  found.near = j.at("near");
  found.others = j.at("without").at("queries");
  found.without = read_metrics(j.at("without").at("metrics"));
  for (const auto& pair : j.at("pairs"))
    found.pairs.push_back({pair.at("query"), pair.at("item"), pair.at("cosine"), pair.at("copy")});
  return found;
}

std::vector<eval::Group> read_groups(const json& rows, const char* key) {
  std::vector<eval::Group> groups;
  for (const auto& row : rows) {
    const auto& metrics = row.at("metrics");
    groups.push_back({row.at(key), row.at("queries"), row.at("gallery"), read_estimate(metrics.at("top1")),
                      metrics.at("mrr").at("value"), metrics.at("map").at("value")});
  }
  return groups;
}

/// Reports of earlier versions have no breakdown.
void read_breakdown(const json& j, Report& r) {
  if (!j.contains("labels")) return;
  r.breakdown = {read_groups(j.at("labels"), "label"), read_groups(j.at("categories"), "category"), {}};
  for (const auto& row : j.at("labels")) r.label_names[row.at("label")] = row.at("name");
  for (const auto& row : j.at("confused")) {
    r.breakdown.confused.push_back({row.at("label"), row.at("answered"), row.at("count"), row.at("queries")});
    r.label_names[row.at("label")] = row.at("name");
    r.label_names[row.at("answered")] = row.at("answered_name");
  }
  const auto& left = j.at("left_out");
  r.left_out = {left.at("labels"), left.at("categories"), left.at("confused")};
}

Report read_report(const json& j) {
  Report r;
  r.model = read_model(j.at("model"));
  r.dataset = read_data(j.at("dataset"));
  r.index = j.at("index");
  r.depth = j.at("depth");
  r.metrics = read_metrics(j.at("metrics"));
  if (r.metrics.empty()) throw Error(ErrorCode::usage, "\"metrics\" is empty");
  r.speed = read_speed(j.at("speed"));
  r.resample = eval::parse_resample(j.value("resample", "query"));
  if (j.contains("losses")) r.losses = read_losses(j.at("losses"));
  if (j.contains("near_duplicates")) r.near_duplicates = read_near_duplicates(j.at("near_duplicates"));
  if (j.contains("learnt_on")) r.learnt_on = read_learnt_on(j.at("learnt_on"));
  read_breakdown(j, r);
  return r;
}

}  // namespace

std::string to_json(const Report& r) {
  const auto& [labels, categories, confused] = r.breakdown;
  const auto& left = r.left_out;
  json out = {{"schema", schema::report},
              {"model", as_json(r.model)},
              {"dataset", as_json(r.dataset)},
              {"index", r.index},
              {"depth", r.depth},
              {"resample", eval::name_of(r.resample)},
              {"metrics", as_json(r.metrics)}};
  if (!r.metrics.empty()) out["verdict"] = as_verdict(r.metrics[0], sentence(r));
  if (!r.losses.empty()) out["losses"] = as_json(r.losses);
  if (r.near_duplicates) out["near_duplicates"] = as_json(*r.near_duplicates);
  if (!r.learnt_on.empty()) out["learnt_on"] = as_json(r.learnt_on);
  out["speed"] = as_json(r.speed);
  out["labels"] = rows_of(labels, "label", &r);
  out["categories"] = rows_of(categories, "category", nullptr);
  out["confused"] = rows_of(r, confused);
  out["left_out"] = {{"labels", left.labels}, {"categories", left.categories}, {"confused", left.confused}};
  return to_text(out);
}

Report parse_report(const std::string& text, const std::string& origin) {
  return read_document(text, origin, schema::report, "a report of matcher", "Evaluate the run again.", read_report);
}

}  // namespace matcher::report
