#include <fmt/format.h>

#include <algorithm>

#include "matcher/report/page/cells.hpp"
#include "matcher/report/page/page.hpp"
#include "matcher/report/tables/cells.hpp"

namespace matcher::report {
namespace {

/// One line of both tables: the ensemble, a member or the ceiling.
struct Line {
  std::string name;
  HtmlCell weight;
  const Metrics& metrics;
  HtmlCell gain;
};

double widest_reach(const Fusion& fusion) {
  double reach = 0;
  for (const auto& member : fusion.members) {
    if (!member.gains.empty()) reach = std::max(reach, reach_of(member.gains[0].second));
  }
  return reach;
}

HtmlCell gain_over(const FusedMember& member, double reach) {
  return member.gains.empty() ? HtmlCell() : gain_cell(member.gains[0].first, member.gains[0].second, reach);
}

std::vector<Line> lines_of(const Fusion& fusion) {
  std::vector<Line> lines{{fusion.ensemble.model.name, {}, fusion.ensemble.metrics, {}}};
  for (const auto& member : fusion.members) {
    const auto weight = number_cell(fmt::format("{:.4g}", member.weight), member.weight);
    lines.push_back({member.report.model.name, weight, member.report.metrics, gain_over(member, widest_reach(fusion))});
  }
  lines.push_back({"ceiling", {}, fusion.ceiling, {}});
  return lines;
}

/// Every metric of every line.
std::string more_metrics(const std::vector<Line>& lines, const std::vector<MetricColumn>& columns) {
  if (columns.size() < 2) return {};
  std::vector<std::string> titles{"model"};
  for (const auto& column : columns) titles.push_back(column.title());
  std::vector<HtmlRow> rows;
  for (const auto& line : lines) {
    HtmlRow cells{text_cell(line.name)};
    for (std::size_t i = 0; i < columns.size(); ++i) cells.push_back(columns[i].cell(line.metrics[i].second));
    rows.push_back(std::move(cells));
  }
  return fold("All metrics", table("metrics", "All metrics with their 95 % intervals", titles, rows));
}

}  // namespace

std::string members_of(const Fusion& fusion) {
  const auto lines = lines_of(fusion);
  std::vector<const Metrics*> all;
  for (const auto& line : lines) all.push_back(&line.metrics);
  const auto columns = metric_columns(all);
  std::vector<HtmlRow> rows;
  for (const auto& line : lines)
    rows.push_back({text_cell(line.name), columns[0].cell(line.metrics[0].second), line.gain, line.weight});
  const auto& metric = fusion.ceiling.at(0).first;
  const auto gain =
      fmt::format("{} gain of the ensemble{}", eval::metric(metric).title, in_percent(metric) ? ", points" : "");
  return section("models", "The ensemble and its members",
                 table("members", "The ensemble, its members and the ceiling",
                       {"model", columns[0].title(), gain, "weight"}, rows, OnPhone::cards) +
                     paragraph("Ceiling: the best member answers each photo. No fusion has to reach it.") +
                     more_metrics(lines, columns));
}

std::string products_of(const Fusion& fusion) {
  Page page;
  page.comparison.rows.push_back({fusion.ensemble, {}, {}, {}});
  for (const auto& member : fusion.members) page.comparison.rows.push_back({member.report, {}, {}, {}});
  return products_of(page);
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
            rows, OnPhone::cards));
}

}  // namespace matcher::report
