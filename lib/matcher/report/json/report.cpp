#include <fmt/format.h>

#include "matcher/core/error.hpp"
#include "matcher/report/json/parts.hpp"

namespace matcher::report {

namespace {

using report::of;  // beside those below

constexpr const char* report_schema = "matcher.report/1";

json rows_of(const std::vector<eval::Group>& groups, const char* key, const Report* names) {
  json rows = json::array();
  for (const auto& g : groups) {
    json row = {{key, g.key}, {"queries", g.queries}, {"gallery", g.gallery}};
    if (names) row["name"] = name_of(*names, g.key);
    row["metrics"] = {{"top1", of(g.top1)}, {"mrr", {{"value", g.mrr}}}, {"map", {{"value", g.map}}}};
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

Losses losses_of(const json& j) {
  Losses losses;
  for (const auto& [name, loss] : j.items())
    losses.push_back({name, {loss.at("model"), loss.at("ties"), loss.at("quantisation"), loss.at("approximation")}});
  return losses;
}

NearDuplicates near_duplicates_of(const json& j) {
  NearDuplicates found;
  found.limit = j.at("limit");
  found.copies = j.at("copies");
  found.near = j.at("near");
  found.others = j.at("without").at("queries");
  found.without = metrics_of(j.at("without").at("metrics"));
  for (const auto& pair : j.at("pairs"))
    found.pairs.push_back({pair.at("query"), pair.at("item"), pair.at("cosine"), pair.at("copy")});
  return found;
}

std::vector<eval::Group> groups_of(const json& rows, const char* key) {
  std::vector<eval::Group> groups;
  for (const auto& row : rows) {
    const auto& metrics = row.at("metrics");
    groups.push_back({row.at(key), row.at("queries"), row.at("gallery"), estimate_of(metrics.at("top1")),
                      metrics.at("mrr").at("value"), metrics.at("map").at("value")});
  }
  return groups;
}

/// Reports of earlier versions have none.
void read_breakdown(const json& j, Report& r) {
  if (!j.contains("labels")) return;
  r.breakdown = {groups_of(j.at("labels"), "label"), groups_of(j.at("categories"), "category"), {}};
  for (const auto& row : j.at("labels")) r.label_names[row.at("label")] = row.at("name");
  for (const auto& row : j.at("confused")) {
    r.breakdown.confused.push_back({row.at("label"), row.at("answered"), row.at("count"), row.at("queries")});
    r.label_names[row.at("label")] = row.at("name");
    r.label_names[row.at("answered")] = row.at("answered_name");
  }
  const auto& left = j.at("left_out");
  r.left_out = {left.at("labels"), left.at("categories"), left.at("confused")};
}

}  // namespace

std::string to_json(const Report& r) {
  const auto& [labels, categories, confused] = r.breakdown;
  const auto& left = r.left_out;
  json out = {{"schema", report_schema}, {"model", of(r.model)},   {"dataset", of(r.dataset)}, {"index", r.index},
              {"depth", r.depth},        {"resample", r.resample}, {"metrics", of(r.metrics)}};
  if (!r.losses.empty()) out["losses"] = of(r.losses);
  if (r.near_duplicates) out["near_duplicates"] = of(*r.near_duplicates);
  out["speed"] = of(r.speed);
  out["labels"] = rows_of(labels, "label", &r);
  out["categories"] = rows_of(categories, "category", nullptr);
  out["confused"] = rows_of(r, confused);
  out["left_out"] = {{"labels", left.labels}, {"categories", left.categories}, {"confused", left.confused}};
  return out.dump(2, ' ', false, json::error_handler_t::replace) + '\n';
}

Report parse_report(const std::string& text, const std::string& origin) {
  try {
    const auto j = json::parse(text);
    if (j.at("schema") != report_schema) {
      throw Error(ErrorCode::input,
                  fmt::format("{} has the schema {}, not {}", origin, j.at("schema").dump(), report_schema));
    }
    const auto& s = j.at("speed");
    Report r;
    r.model = model_of(j.at("model"));
    r.dataset = data_of(j.at("dataset"));
    r.index = j.at("index");
    r.depth = j.at("depth");
    r.metrics = metrics_of(j.at("metrics"));
    r.speed = {s.at("images_per_second"), s.at("search_ms_p50"), s.at("search_ms_p95")};
    r.resample = j.value("resample", "query");
    if (j.contains("losses")) r.losses = losses_of(j.at("losses"));
    if (j.contains("near_duplicates")) r.near_duplicates = near_duplicates_of(j.at("near_duplicates"));
    read_breakdown(j, r);
    return r;
  } catch (const nlohmann::json::exception& error) {
    throw Error(ErrorCode::input, fmt::format("{} is no report of matcher ({}); evaluate again", origin, error.what()));
  }
}

}  // namespace matcher::report
