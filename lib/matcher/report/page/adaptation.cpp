#include <fmt/format.h>

#include <algorithm>

#include "matcher/report/page/cells.hpp"
#include "matcher/report/page/page.hpp"
#include "matcher/report/page/plot.hpp"
#include "matcher/report/tables/cells.hpp"

namespace matcher::report {
namespace {

constexpr std::ptrdiff_t place_of_gain = 4;  ///< column after the metric that it belongs to

double widest_gain(const Adaptation& a) {
  double reach = 0;
  for (const auto& row : a.rows) reach = std::max(reach, reach_of(row.gains.at(0).second));
  return reach;
}

Line line_of(const std::string& name, const std::vector<CurvePoint>& curve) {
  Line line{name, {}};
  for (const auto& [dimension, metrics] : curve) {
    const auto& e = metrics.at(0).second;
    line.points.push_back({double(dimension), e.value, e.low, e.high});
  }
  return line;
}

Axis dimension_axis(const std::vector<CurvePoint>& longest) {
  Axis axis{"dimensions, logarithmic", double(longest.front().dimension), double(longest.back().dimension), true};
  for (const auto& point : longest)
    axis.ticks.emplace_back(double(point.dimension), fmt::format("{}", point.dimension));
  return axis;
}

}  // namespace

std::string answer_of(const Adaptation& a) {
  return heading(fmt::format("{}: {} mapped by {}", a.model.name, a.base.name, a.settings.method), sentence(a)) +
         paragraph(
             fmt::format("Learnt on the gallery of {}: {} photos of {} products. Settings: {}. Intervals are 95 %.",
                         a.dataset, a.photos, a.products, a.settings.reason));
}

std::string protocols_of(const Adaptation& a) {
  if (a.rows.empty()) return {};
  std::vector<const Metrics*> metrics;
  for (const auto& row : a.rows) {
    metrics.push_back(&row.base);
    metrics.push_back(&row.adapted);
  }
  const auto columns = metric_columns(metrics);
  std::vector<std::string> titles{"queries from", "model", "queries"};
  for (const auto& column : columns) titles.push_back(column.title());
  const auto& first = a.rows[0].gains.at(0).first;
  titles.insert(titles.begin() + place_of_gain, eval::metric(first).title + " gain");
  const auto reach = widest_gain(a);
  std::vector<HtmlRow> rows;
  for (const auto& row : a.rows) {
    for (const bool is_adapted : {false, true}) {
      HtmlRow cells{text_cell(title_of(row.protocol)), text_cell(is_adapted ? a.model.name : a.base.name),
                    count_cell(row.queries)};
      const auto& values = is_adapted ? row.adapted : row.base;
      for (std::size_t m = 0; m < columns.size(); ++m) cells.push_back(columns[m].cell(values[m].second));
      cells.insert(cells.begin() + place_of_gain,
                   is_adapted ? gain_cell(first, row.gains[0].second, reach) : text_cell(""));
      rows.push_back(std::move(cells));
    }
  }
  return section("protocols", "On what the map has not seen",
                 table("protocols-table", "Both models, by the origin of the queries", titles, rows, OnPhone::cards));
}

std::string curve_of(const Adaptation& a) {
  if (a.curve.empty()) return {};
  const auto& longest = a.base_curve.size() > a.curve.size() ? a.base_curve : a.curve;
  std::vector<Line> lines{line_of(a.model.name, a.curve)};
  if (!a.base_curve.empty()) lines.push_back(line_of(a.base.name + ", cut off", a.base_curve));
  const auto& metric = a.curve[0].metrics.at(0).first;
  Axis axis = percent_axis(eval::metric(metric).title);
  return section("curve", "Accuracy by number of dimensions",
                 draw({"curve-plot", "The first dimensions alone, on the dataset's own queries. Bars: 95 %.",
                       dimension_axis(longest), std::move(axis), std::move(lines)}));
}

}  // namespace matcher::report
