#include <fmt/format.h>

#include "matcher/report/page/cells.hpp"
#include "matcher/report/page/page.hpp"
#include "matcher/report/tables/cells.hpp"

namespace matcher::report {
namespace {

std::vector<MetricColumn> columns_of(const Views& views) {
  std::vector<const Metrics*> rows;
  for (const auto& row : views.rows) rows.push_back(&row.metrics);
  return metric_columns(rows);
}

HtmlRow row_of(const ViewsRow& row, const std::vector<MetricColumn>& columns) {
  HtmlRow cells{number_cell(fmt::format("{} photo{}", row.views, row.views == 1 ? "" : "s"), double(row.views)),
                count_cell(row.products), count_cell(row.asked)};
  for (std::size_t i = 0; i < columns.size(); ++i) cells.push_back(columns[i].cell(row.metrics[i].second));
  return cells;
}

}  // namespace

std::string counts_of(const Views& views) {
  const auto columns = columns_of(views);
  std::vector<std::string> titles{"photos", "products with as many", views.side == Role::gallery ? "queries" : "sets"};
  for (const auto& column : columns) titles.push_back(column.title());
  std::vector<HtmlRow> rows;
  for (const auto& row : views.rows) rows.push_back(row_of(row, columns));
  return section(
      "counts", "In numbers",
      table("counts-table", "Accuracy by number of photos", titles, rows, OnPhone::cards) +
          paragraph(fmt::format("Means over {} random choices of photos; intervals hold 95 % of the choices.",
                                views.repeats)));
}

}  // namespace matcher::report
