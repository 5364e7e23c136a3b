#include <fmt/format.h>

#include <algorithm>

#include "matcher/report/escape.hpp"
#include "matcher/report/page/cells.hpp"
#include "matcher/report/page/page.hpp"
#include "matcher/report/page/plot.hpp"
#include "matcher/report/tables/cells.hpp"

namespace matcher::report {
namespace {

constexpr std::ptrdiff_t place_of_gain = 4;  ///< column after the metric that it belongs to

const eval::Estimate& value_of(const TunedRow& row) { return row.reported.at(0).second; }

Axis value_axis(const TunedRecipes& t) {
  double low = 1, high = 0;
  for (const auto& row : t.rows) {
    low = std::min(low, value_of(row).low);
    high = std::max(high, value_of(row).high);
  }
  return tens_axis(eval::metric(t.metric).title, low, high);
}

/// A logarithmic axis from the smallest to the largest value.
Axis log_axis(const std::string& name, const TunedRecipes& t, double (*value)(const Recipe&)) {
  double low = value(t.rows[0].recipe), high = low;
  for (const auto& row : t.rows) {
    low = std::min(low, value(row.recipe));
    high = std::max(high, value(row.recipe));
  }
  Axis axis{name + ", logarithmic", low / 1.25, high * 1.25, true};
  for (const auto end : {low, high}) {
    if (axis.ticks.empty() || axis.ticks[0].first != end) axis.ticks.emplace_back(end, fmt::format("{:.4g}", end));
  }
  return axis;
}

double dimension_of(const Recipe& recipe) { return double(recipe.dimension); }
double speed_of(const Recipe& recipe) { return std::max(recipe.images_per_second, 1e-3); }

/// "1. mobilenet-v2, lda 64": the names of recipes are too long for a chart, and alike.
std::string numbered(std::size_t row, const Recipe& recipe) { return fmt::format("{}. {}", row + 1, describe(recipe)); }

std::string draw_front(const TunedRecipes& t, const char* id, const std::string& axis, double (*value)(const Recipe&)) {
  Plot plot{
      id,
      "On the half of the products that decided nothing. Numbers: rows of the table below. Bars: 95 %. Grey: neither "
      "the winner nor on the front.",
      log_axis(axis, t, value), value_axis(t)};
  for (std::size_t i = 0; i < t.rows.size(); ++i) {
    const auto& recipe = t.rows[i].recipe;
    const auto& e = value_of(t.rows[i]);
    plot.dots.push_back({numbered(i, recipe), value(recipe), e.value, e.low, e.high, i > 0 && !t.rows[i].on_front,
                         fmt::format("{}", i + 1)});
  }
  return draw(plot);
}

double widest_gain(const TunedRecipes& t) {
  double reach = 0;
  for (const auto& row : t.rows) reach = std::max(reach, reach_of(row.gains.at(0).second));
  return reach;
}

}  // namespace

std::string answer_of(const TunedRecipes& t) {
  return heading(fmt::format("{}: recipes by {}", t.dataset, eval::metric(t.metric).title), sentence(t)) +
         paragraph(fmt::format(
             "{} recipes were tried on {} photos (queries) of {} products. The numbers are of {} photos of {} other "
             "products, on which nothing was chosen. Intervals are 95 %.",
             t.trials.size(), t.searched.queries, t.searched.products, t.reported.queries, t.reported.products));
}

std::string front_of(const TunedRecipes& t) {
  return section(
      "front", "Accuracy against dimension and speed",
      draw_front(t, "dimension-plot", "dimensions", dimension_of) + draw_front(t, "speed-plot", "images/s", speed_of));
}

std::string recipes_of(const TunedRecipes& t) {
  std::vector<const Metrics*> metrics;
  for (const auto& row : t.rows) metrics.push_back(&row.reported);
  const auto columns = metric_columns(metrics);
  std::vector<std::string> titles{"recipe", "dimension", "images/s"};
  for (const auto& column : columns) titles.push_back(column.title());
  titles.insert(titles.begin() + place_of_gain, eval::metric(t.metric).title + " gain");
  const auto reach = widest_gain(t);
  std::vector<HtmlRow> rows;
  for (std::size_t i = 0; i < t.rows.size(); ++i) {
    const auto& row = t.rows[i];
    HtmlRow cells{text_cell(numbered(i, row.recipe)), count_cell(row.recipe.dimension),
                  number_cell(rate(row.recipe.images_per_second), row.recipe.images_per_second)};
    for (std::size_t m = 0; m < columns.size(); ++m) cells.push_back(columns[m].cell(row.reported[m].second));
    cells.insert(cells.begin() + place_of_gain,
                 row.is_baseline ? text_cell("baseline") : gain_cell(t.metric, row.gains.at(0).second, reach));
    rows.push_back(std::move(cells));
  }
  return section("recipes", "The best recipes",
                 table("recipes-table", "Recipes, the winner first", titles, rows, OnPhone::cards));
}

std::string commands_of(const TunedRecipes& t) {
  std::string lines;
  for (const auto& command : t.commands) lines += escape_xml(command) + "\n";
  return section("commands", "Make the winner", fmt::format("<pre class=\"commands\">{}</pre>\n", lines));
}

}  // namespace matcher::report
