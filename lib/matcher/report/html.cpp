#include "matcher/report/html.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <string_view>

#include "matcher/core/version.hpp"
#include "matcher/report/escape.hpp"
#include "matcher/report/json/parts.hpp"
#include "matcher/report/page/page.hpp"

namespace matcher::report {
namespace {

using report::as_json;

constexpr std::size_t confusions_a_model = 10;

/// The row with the largest value; none for a draw, a single row, or a largest value of 0.
std::optional<std::size_t> leader(const std::vector<Row>& rows, const std::function<double(const Row&)>& value) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    if (value(rows[i]) > value(rows[best])) best = i;
  }
  const auto same = std::ranges::count_if(rows, [&](const Row& row) { return value(row) == value(rows[best]); });
  return rows.size() > 1 && same == 1 && value(rows[best]) != 0 ? std::optional(best) : std::nullopt;
}

std::vector<json> best_at(const std::vector<Row>& rows) {
  std::vector<json> best(rows.size(), json::array());
  const auto award = [&](const std::string& what, const std::function<double(const Row&)>& value) {
    if (const auto row = leader(rows, value)) best[*row].push_back(what);
  };
  for (const auto& [name, first] : rows[0].report.metrics) {
    award(name, [&name = name](const Row& row) {
      const auto* found = find_metric(row.report.metrics, name);
      return found == nullptr ? 0 : found->value;
    });
  }
  award("fastest", [](const Row& row) { return row.report.speed.images_per_second; });
  award("smallest vectors", [](const Row& row) { return -double(row.report.model.dimension); });
  return best;
}

json as_json(const eval::Gain& g) {
  return {{"value", g.value},
          {"low", g.low},
          {"high", g.high},
          {"p_corrected", g.p_corrected},
          {"shown", g.p_corrected <= shown_level}};
}

json model_of(const Row& row, json best) {
  const auto& r = row.report;
  json gain = json::object();
  for (const auto& [name, g] : row.gains) gain[name] = as_json(g);
  return {{"name", r.model.name},
          {"dimension", r.model.dimension},
          {"size_bytes", r.model.size_bytes},
          {"images_per_second", r.speed.images_per_second},
          {"search_ms", r.speed.search_ms_p50},
          {"metrics", as_json(r.metrics)},
          {"losses", as_json(r.losses)},
          {"near_duplicates", r.near_duplicates ? as_json(*r.near_duplicates) : json()},
          {"gain", row.gains.empty() ? json() : gain},
          {"best_at", std::move(best)}};
}

/// One entry per label with an estimate per model, null if a model's report left the label out.
json labels_of(const std::vector<Row>& rows) {
  std::map<std::string, std::vector<const eval::Group*>> groups;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (const auto& group : rows[i].report.breakdown.labels) {
      auto& all = groups[group.key];
      all.resize(rows.size());
      all[i] = &group;
    }
  }
  json labels = json::array();
  for (const auto& [label, all] : groups) {
    json top1 = json::array();
    std::size_t queries = 0;
    for (const auto* group : all) {
      top1.push_back(group == nullptr ? json() : as_json(group->top1));
      if (group != nullptr) queries = group->queries;
    }
    labels.push_back({{"label", label}, {"queries", queries}, {"top1", top1}});
  }
  return labels;
}

json confused_of(const std::vector<Row>& rows) {
  json confused = json::array();
  for (const auto& row : rows) {
    const auto& all = row.report.breakdown.confused;
    for (std::size_t i = 0; i < std::min(confusions_a_model, all.size()); ++i)
      confused.push_back({{"model", row.report.model.name},
                          {"label", all[i].label},
                          {"answered", all[i].answered},
                          {"count", all[i].count}});
  }
  return confused;
}

const char* name_of(Outcome outcome) {
  if (outcome == Outcome::same) return "";
  return outcome == Outcome::broken ? "broken" : "fixed";
}

json as_json(const Photo& photo) {
  return {{"id", photo.id}, {"label", photo.label}, {"text", photo.text}, {"thumbnail", photo.thumbnail}};
}

json as_json(const Failure& f) {
  return {{"model", f.model},
          {"change", name_of(f.outcome)},
          {"query", as_json(f.query)},
          {"answer", f.answer ? as_json(*f.answer) : json()},
          {"right", f.right ? as_json(*f.right) : json()}};
}

json as_json(const std::vector<Series>& lines) {
  json all = json::array();
  for (const auto& line : lines) all.push_back({{"name", line.name}, {"points", line.points}});
  return all;
}

json data_of(const Page& page) {
  const auto& rows = page.comparison.rows;
  const auto& first = rows.at(0).report;
  auto best = best_at(rows);
  json models = json::array(), failures = json::array();
  for (std::size_t i = 0; i < rows.size(); ++i) models.push_back(model_of(rows[i], std::move(best[i])));
  for (const auto& failure : page.failures) failures.push_back(as_json(failure));
  std::map<std::string, std::string> names;
  for (const auto& row : rows) names.insert(row.report.label_names.begin(), row.report.label_names.end());
  const auto& d = first.dataset;
  return {{"title", page.title},
          {"version", fmt::format("matcher {}", version)},
          {"dataset",
           {{"name", d.name},
            {"protocol", d.protocol},
            {"queries", d.queries},
            {"gallery", d.gallery},
            {"labels", d.labels},
            {"unknown_queries", d.unknown_queries}}},
          {"index", first.index},
          {"depth", first.depth},
          {"models", models},
          {"label_names", names},
          {"labels", labels_of(rows)},
          {"confused", confused_of(rows)},
          {"views", as_json(page.views)},
          {"roc", as_json(page.roc)},
          {"failures", failures},
          {"failures_left_out", page.failures_left_out},
          {"thumbnails", page.thumbnails}};
}

}  // namespace

std::string to_html(const Page& page) {
  constexpr std::string_view mark = "@DATA@", whole = page_template;
  const auto at = whole.find(mark);  // not constexpr: GCC with sanitizers cannot compute it
  const auto data = data_of(page).dump(-1, ' ', false, json::error_handler_t::replace);
  return std::string(whole.substr(0, at)) + escape_script(data) + std::string(whole.substr(at + mark.size()));
}

}  // namespace matcher::report
