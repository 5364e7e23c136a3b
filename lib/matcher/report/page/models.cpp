#include <fmt/format.h>

#include <algorithm>

#include "matcher/core/units.hpp"
#include "matcher/report/escape.hpp"
#include "matcher/report/page/cells.hpp"
#include "matcher/report/page/markup.hpp"
#include "matcher/report/page/page.hpp"
#include "matcher/report/tables/cells.hpp"

namespace matcher::report {
namespace {

/// The largest end of an interval, which is as far as the axis of gains goes.
double widest_reach(const Comparison& c) {
  double reach = 0;
  for (const auto& row : c.rows) {
    if (!row.gains.empty()) reach = std::max(reach, reach_of(row.gains[0].second));
  }
  return reach;
}

HtmlCell gain_over_baseline(const Row& row, const Comparison& c) {
  if (row.gains.empty()) return {"baseline", "0", "number"};
  return gain_cell(row.gains[0].first, row.gains[0].second, widest_reach(c));
}

bool is_among(const std::vector<Contender>& all, const Row& row) {
  return std::ranges::any_of(
      all, [&](const Contender& one) { return one.model == row.report.model.name && one.run == row.run; });
}

/// "best", "not shown to differ from the best" or "worse than the best"; empty without a verdict.
std::string standing_of(const Row& row, const Comparison& c) {
  if (!c.verdict) return {};
  if (is_among(c.verdict->worse, row)) return "worse than the best";
  if (is_among(c.verdict->not_shown_to_differ, row)) return "not shown to differ from the best";
  return c.verdict->worse.empty() ? "highest" : "best";
}

HtmlCell name_cell(const Row& row, const Comparison& c) {
  const auto name = name_of(row, c), standing = standing_of(row, c);
  const auto mark = standing.empty() ? "" : fmt::format("<span class=\"standing\">{}</span>", standing);
  return {fmt::format("<span class=\"name\">{}</span>{}", escape_xml(name), mark), name};
}

/// Images per second with the slowest and the fastest repeat, and the time of a search.
void add_speed_cells(HtmlRow& cells, const Row& row, const Comparison& c) {
  const auto& trial = row.report.speed.trial;
  if (!trial) {
    cells.insert(cells.end(), {number_cell("not measured", 0), number_cell("", 0)});
    return;
  }
  const auto place = std::size_t(&row - c.rows.data());
  const auto why_not = doubts(trials_of(c))[place];
  cells.push_back(number_cell(shown(trial->images_per_second), trial->images_per_second.median));
  if (!why_not.empty())
    cells.back().html += fmt::format("<span class=\"standing\">not comparable: {}</span>", escape_xml(why_not));
  cells.push_back(number_cell(fmt::format("{:.2f}", trial->search_ms_p50.median), trial->search_ms_p50.median));
}

std::vector<MetricColumn> metric_columns(const Comparison& c) {
  std::vector<const Metrics*> rows;
  for (const auto& row : c.rows) rows.push_back(&row.report.metrics);
  return report::metric_columns(rows);
}

HtmlRow model_row(const Row& row, const Comparison& c) {
  const auto& r = row.report;
  HtmlRow cells{name_cell(row, c)};
  if (!r.metrics.empty()) cells.push_back(metric_columns(c)[0].cell(r.metrics[0].second));
  if (c.rows.size() > 1) cells.push_back(gain_over_baseline(row, c));
  if (has_trials(c)) add_speed_cells(cells, row, c);
  cells.push_back(number_cell(human_bytes(r.model.size_bytes), double(r.model.size_bytes)));
  cells.push_back(count_cell(r.model.dimension));
  return cells;
}

std::vector<std::string> model_columns(const Comparison& c) {
  const auto& metrics = c.rows.at(0).report.metrics;
  std::vector<std::string> columns{"model"};
  if (!metrics.empty()) columns.push_back(metric_columns(c)[0].title());
  if (c.rows.size() > 1) {
    const auto& metric = metrics.at(0).first;
    columns.push_back(
        fmt::format("{} gain over {}{}", eval::metric(metric).title, c.baseline, in_percent(metric) ? ", points" : ""));
  }
  if (has_trials(c)) columns.insert(columns.end(), {"images/s", "search, ms"});
  columns.insert(columns.end(), {"size", "dimension"});
  return columns;
}

/// Every metric of every model.
std::string more_metrics(const Comparison& c) {
  const auto all = metric_columns(c);
  if (all.size() < 2) return {};
  std::vector<std::string> columns{"model"};
  for (const auto& column : all) columns.push_back(column.title());
  std::vector<HtmlRow> rows;
  for (const auto i : best_first(c.rows)) {
    HtmlRow cells{text_cell(name_of(c.rows[i], c))};
    for (std::size_t m = 0; m < all.size(); ++m) cells.push_back(all[m].cell(c.rows[i].report.metrics[m].second));
    rows.push_back(std::move(cells));
  }
  return fold("All metrics", table("metrics", "All metrics with their 95 % intervals", columns, rows));
}

}  // namespace

std::string models_of(const Page& page) {
  const auto& c = page.comparison;
  std::vector<HtmlRow> rows;
  for (const auto i : best_first(c.rows)) rows.push_back(model_row(c.rows[i], c));
  const bool several = c.rows.size() > 1;
  auto content = table("comparison", several ? "Models, the best first" : "Accuracy and cost", model_columns(c), rows,
                       OnPhone::cards);
  return section("models", several ? "Which model" : "Accuracy and cost", content + more_metrics(c));
}

}  // namespace matcher::report
