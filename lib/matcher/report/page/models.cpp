#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "matcher/core/units.hpp"
#include "matcher/report/escape.hpp"
#include "matcher/report/page/markup.hpp"
#include "matcher/report/page/page.hpp"
#include "matcher/report/tables/cells.hpp"

namespace matcher::report {
namespace {

/// A bar from 0 to `value` (0 to 1) with its interval.
std::string bar(const eval::Estimate& e) {
  return fmt::format(
      "<span class=\"bar\" aria-hidden=\"true\"><i style=\"width:{:.1f}%\"></i><b "
      "style=\"left:{:.1f}%;width:{:.1f}%\"></b></span>",
      100 * e.value, 100 * e.low, 100 * (e.high - e.low));
}

HtmlCell metric_cell(const std::string& metric, const eval::Estimate& e) {
  return {bar(e) + escape_xml(shown_with_interval(metric, e)), exact(e.value), "number"};
}

/// The largest end of an interval, which is as far as the axis of gains goes.
double reach_of(const Comparison& c) {
  double reach = 0;
  for (const auto& row : c.rows) {
    if (!row.gains.empty())
      reach = std::max({reach, std::abs(row.gains[0].second.low), std::abs(row.gains[0].second.high)});
  }
  return reach > 0 ? reach : 1;
}

/// A dot with its interval on an axis from -reach to reach.
std::string whisker(const eval::Gain& g, double reach) {
  const auto at = [&](double v) { return 50 + 50 * v / reach; };
  return fmt::format(
      "<span class=\"gain\" aria-hidden=\"true\"><b style=\"left:{:.1f}%;width:{:.1f}%\"></b><i "
      "style=\"left:{:.1f}%\"></i></span>",
      at(g.low), at(g.high) - at(g.low), at(g.value));
}

/// Colour follows `shown` alone, as the words do.
std::string colour_of(const eval::Gain& g) {
  if (!is_shown(g) || g.value == 0) return "number";
  return g.value > 0 ? "number up" : "number down";
}

HtmlCell gain_cell(const Row& row, const Comparison& c) {
  if (row.gains.empty()) return {"baseline", "0", "number"};
  const auto& [metric, gain] = row.gains[0];
  return {whisker(gain, reach_of(c)) + escape_xml(shown_gain(metric, gain)), exact(gain.value), colour_of(gain)};
}

bool is_among(const std::vector<Contender>& all, const Row& row) {
  return std::ranges::any_of(
      all, [&](const Contender& one) { return one.model == row.report.model.name && one.run == row.run; });
}

/// "best", "not shown to differ from the best" or "worse"; empty without a verdict.
std::string standing_of(const Row& row, const Comparison& c) {
  if (!c.verdict) return {};
  if (is_among(c.verdict->worse, row)) return "worse";
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
  const auto note = doubts(trials_of(c))[place].empty() ? "" : ", not comparable";
  cells.push_back(number_cell(shown(trial->images_per_second) + note, trial->images_per_second.median));
  cells.push_back(number_cell(fmt::format("{:.2f}", trial->search_ms_p50.median), trial->search_ms_p50.median));
}

HtmlRow model_row(const Row& row, const Comparison& c) {
  const auto& r = row.report;
  HtmlRow cells{name_cell(row, c)};
  if (!r.metrics.empty()) cells.push_back(metric_cell(r.metrics[0].first, r.metrics[0].second));
  if (c.rows.size() > 1) cells.push_back(gain_cell(row, c));
  if (has_trials(c)) add_speed_cells(cells, row, c);
  cells.push_back(number_cell(human_bytes(r.model.size_bytes), double(r.model.size_bytes)));
  cells.push_back(number_cell(fmt::format("{}", r.model.dimension), double(r.model.dimension)));
  return cells;
}

std::vector<std::string> model_columns(const Comparison& c) {
  const auto& metrics = c.rows.at(0).report.metrics;
  std::vector<std::string> columns{"model"};
  if (!metrics.empty()) columns.push_back(eval::metric(metrics[0].first).title);
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
  const auto& metrics = c.rows.at(0).report.metrics;
  if (metrics.size() < 2) return {};
  std::vector<std::string> columns{"model"};
  for (const auto& [name, estimate] : metrics) columns.push_back(eval::metric(name).title);
  std::vector<HtmlRow> rows;
  for (const auto i : best_first(c.rows)) {
    HtmlRow cells{text_cell(name_of(c.rows[i], c))};
    for (const auto& [name, e] : c.rows[i].report.metrics) cells.push_back(metric_cell(name, e));
    rows.push_back(std::move(cells));
  }
  return fmt::format("<details>\n<summary>All metrics</summary>\n{}</details>\n",
                     table("metrics", "All metrics with their 95 % intervals", columns, rows));
}

}  // namespace

std::string models_of(const Page& page) {
  const auto& c = page.comparison;
  std::vector<HtmlRow> rows;
  for (const auto i : best_first(c.rows)) rows.push_back(model_row(c.rows[i], c));
  const bool several = c.rows.size() > 1;
  auto content = table("comparison", several ? "Models, the best first" : "Accuracy and cost", model_columns(c), rows);
  return section("models", several ? "Which model" : "Accuracy and cost", content + more_metrics(c));
}

}  // namespace matcher::report
