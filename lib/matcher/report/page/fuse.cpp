#include <fmt/format.h>

#include <algorithm>

#include "matcher/report/page/cells.hpp"
#include "matcher/report/page/page.hpp"
#include "matcher/report/tables/cells.hpp"

namespace matcher::report {
namespace {

/// The first metric is followed by its gain.
HtmlRow row_of(const std::string& name, const HtmlCell& weight, const Metrics& metrics, const HtmlCell& gain,
               const std::vector<MetricColumn>& columns) {
  HtmlRow cells{text_cell(name), weight};
  for (std::size_t i = 0; i < metrics.size(); ++i) {
    cells.push_back(columns[i].cell(metrics[i].second));
    if (i == 0) cells.push_back(gain);
  }
  return cells;
}

double widest_reach(const Fusion& fusion) {
  double reach = 0;
  for (const auto& member : fusion.members) {
    if (!member.gains.empty()) reach = std::max(reach, reach_of(member.gains[0].second));
  }
  return reach;
}

HtmlRow row_of(const FusedMember& member, double reach, const std::vector<MetricColumn>& columns) {
  const auto weight = number_cell(fmt::format("{:.4g}", member.weight), member.weight);
  const auto gain = member.gains.empty() ? HtmlCell() : gain_cell(member.gains[0].first, member.gains[0].second, reach);
  return row_of(member.report.model.name, weight, member.report.metrics, gain, columns);
}

std::vector<MetricColumn> columns_of(const Fusion& fusion) {
  std::vector<const Metrics*> rows{&fusion.ensemble.metrics, &fusion.ceiling};
  for (const auto& member : fusion.members) rows.push_back(&member.report.metrics);
  return metric_columns(rows);
}

std::vector<std::string> titles_of(const Fusion& fusion, const std::vector<MetricColumn>& columns) {
  std::vector<std::string> titles{"model", "weight"};
  for (const auto& column : columns) titles.push_back(column.title());
  const auto first = eval::metric(fusion.ceiling.at(0).first).title;
  titles.insert(titles.begin() + 3, fmt::format("{} gain of the ensemble, points", first));
  return titles;
}

}  // namespace

std::string members_of(const Fusion& fusion) {
  const auto columns = columns_of(fusion);
  const auto& name = fusion.ensemble.model.name;
  std::vector<HtmlRow> rows{row_of(name, {}, fusion.ensemble.metrics, {}, columns)};
  for (const auto& member : fusion.members) rows.push_back(row_of(member, widest_reach(fusion), columns));
  rows.push_back(row_of("ceiling", {}, fusion.ceiling, {}, columns));
  return section("models", "The ensemble and its members",
                 table("members", "The ensemble, its members and the ceiling", titles_of(fusion, columns), rows) +
                     paragraph("Ceiling: the best member answers each photo. No fusion has to reach it."));
}

std::string overlaps_of(const Fusion& fusion) {
  std::vector<HtmlRow> rows;
  for (const auto& pair : fusion.overlaps) {
    const auto& c = pair.counts;
    rows.push_back({text_cell(pair.a), text_cell(pair.b), count_cell(c.both_right), count_cell(c.only_a),
                    count_cell(c.only_b), count_cell(c.both_wrong), share_cell(c.jaccard())});
  }
  if (rows.empty()) return {};
  return section(
      "overlap", "Do the models make the same errors?",
      table("overlap-table", fmt::format("Photos that two models answer correctly or wrongly at top-{}", fusion.k),
            {"first model", "second model", "both correct", "only the first", "only the second", "both wrong",
             "share of all errors that both make"},
            rows));
}

}  // namespace matcher::report
