#include "matcher/report/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "matcher/core/error.hpp"

namespace matcher::report {

using json = nlohmann::ordered_json;

namespace {

constexpr const char* report_schema = "matcher.report/1";
constexpr std::size_t most_groups = 1000, most_confusions = 100;

json of(const Model& m) {
  return {{"name", m.name},
          {"dimension", m.dimension},
          {"fingerprint", m.fingerprint},
          {"size_bytes", m.size_bytes},
          {"precision", m.precision},
          {"device", m.device}};
}

json of(const Data& d) {
  return {{"name", d.name},
          {"fingerprint", d.fingerprint},
          {"gallery", d.gallery},
          {"queries", d.queries},
          {"labels", d.labels},
          {"protocol", d.protocol},
          {"gallery_failures", d.gallery_failures},
          {"query_failures", d.query_failures},
          {"unknown_queries", d.unknown_queries},
          {"unknown_labels", d.unknown_labels},
          {"self_matches", d.self_matches}};
}

json of(const eval::Estimate& e) { return {{"value", e.value}, {"low", e.low}, {"high", e.high}}; }

json of(const Metrics& metrics) {
  json out = json::object();
  for (const auto& [name, e] : metrics) out[name] = of(e);
  return out;
}

json of(const Speed& s) {
  return {{"images_per_second", s.images_per_second},
          {"search_ms_p50", s.search_ms_p50},
          {"search_ms_p95", s.search_ms_p95}};
}

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

Model model_of(const json& j) {
  return {j.at("name"), j.at("fingerprint"), j.at("precision"), j.at("device"), j.at("dimension"), j.at("size_bytes")};
}

Data data_of(const json& j) {
  Data d;
  d.name = j.at("name");
  d.fingerprint = j.at("fingerprint");
  d.protocol = j.at("protocol");
  d.gallery = j.at("gallery");
  d.queries = j.at("queries");
  d.labels = j.at("labels");
  d.gallery_failures = j.at("gallery_failures");
  d.query_failures = j.at("query_failures");
  d.unknown_queries = j.at("unknown_queries");
  d.unknown_labels = j.at("unknown_labels").get<std::vector<std::string>>();
  d.self_matches = j.at("self_matches");
  return d;
}

eval::Estimate estimate_of(const json& e) { return {e.at("value"), e.at("low"), e.at("high")}; }

Metrics metrics_of(const json& j) {
  Metrics metrics;
  for (const auto& [name, e] : j.items()) metrics.push_back({name, estimate_of(e)});
  return metrics;
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

template <class Row>
std::size_t cut(std::vector<Row>& rows, std::size_t most) {
  const auto left_out = rows.size() - std::min(rows.size(), most);
  rows.resize(rows.size() - left_out);
  return left_out;
}

}  // namespace

void set_breakdown(Report& r, eval::Breakdown breakdown, const std::map<std::string, std::string>& label_names) {
  r.breakdown = std::move(breakdown);
  auto& [labels, categories, confused] = r.breakdown;
  r.left_out = {cut(labels, most_groups), cut(categories, most_groups), cut(confused, most_confusions)};
  r.label_names.clear();
  const auto keep = [&](const std::string& label) {
    if (const auto found = label_names.find(label); found != label_names.end()) r.label_names.insert(*found);
  };
  for (const auto& group : labels) keep(group.key);
  for (const auto& pair : confused) {
    keep(pair.label);
    keep(pair.answered);
  }
}

const std::string& name_of(const Report& r, const std::string& label) {
  const auto found = r.label_names.find(label);
  return found == r.label_names.end() ? label : found->second;
}

std::string to_json(const Report& r) {
  const auto& [labels, categories, confused] = r.breakdown;
  const auto& left = r.left_out;
  const json out = {
      {"schema", report_schema},
      {"model", of(r.model)},
      {"dataset", of(r.dataset)},
      {"index", r.index},
      {"depth", r.depth},
      {"metrics", of(r.metrics)},
      {"speed", of(r.speed)},
      {"labels", rows_of(labels, "label", &r)},
      {"categories", rows_of(categories, "category", nullptr)},
      {"confused", rows_of(r, confused)},
      {"left_out", {{"labels", left.labels}, {"categories", left.categories}, {"confused", left.confused}}}};
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
    Report r{model_of(j.at("model")),
             data_of(j.at("dataset")),
             j.at("index"),
             j.at("depth"),
             metrics_of(j.at("metrics")),
             {s.at("images_per_second"), s.at("search_ms_p50"), s.at("search_ms_p95")},
             {},
             {},
             {}};
    read_breakdown(j, r);
    return r;
  } catch (const nlohmann::json::exception& error) {
    throw Error(ErrorCode::input, fmt::format("{} is no report of matcher ({}); evaluate again", origin, error.what()));
  }
}

const eval::Estimate* find_metric(const Metrics& metrics, const std::string& name) {
  const auto found = std::find_if(metrics.begin(), metrics.end(), [&](const auto& m) { return m.first == name; });
  return found == metrics.end() ? nullptr : &found->second;
}

}  // namespace matcher::report
