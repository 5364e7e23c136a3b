#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "matcher/report/page/markup.hpp"
#include "matcher/report/page/page.hpp"
#include "matcher/report/page/plot.hpp"
#include "matcher/report/tables/cells.hpp"

namespace matcher::report {
namespace {

/// The rows whose speed was measured alike.
std::vector<const Row*> timed(const Comparison& c) {
  const auto why_not = doubts(trials_of(c));
  std::vector<const Row*> rows;
  for (std::size_t i = 0; i < c.rows.size(); ++i) {
    if (why_not[i].empty() && !c.rows[i].report.metrics.empty()) rows.push_back(&c.rows[i]);
  }
  return rows;
}

double speed_of(const Row& row) { return row.report.speed.trial->images_per_second.median; }
double value_of(const Row& row) { return row.report.metrics[0].second.value; }

/// True if another row is as fast and as accurate, and better in one of both.
bool is_dominated(const Row& row, const std::vector<const Row*>& all) {
  return std::ranges::any_of(all, [&](const Row* other) {
    return speed_of(*other) >= speed_of(row) && value_of(*other) >= value_of(row) &&
           (speed_of(*other) > speed_of(row) || value_of(*other) > value_of(row));
  });
}

Axis speed_axis(const std::vector<const Row*>& rows) {
  const auto [low, high] = std::ranges::minmax(rows, {}, [](const Row* row) { return speed_of(*row); });
  Axis axis{"images/s, logarithmic", speed_of(*low) / 1.25, speed_of(*high) * 1.25, true};
  for (const auto* row : {low, high}) axis.ticks.emplace_back(speed_of(*row), rate(speed_of(*row)));
  return axis;
}

/// From the lowest end of an interval to the highest, in tens of percent.
Axis value_axis(const std::vector<const Row*>& rows) {
  double low = 1, high = 0;
  for (const auto* row : rows) {
    low = std::min(low, row->report.metrics[0].second.low);
    high = std::max(high, row->report.metrics[0].second.high);
  }
  return tens_axis(eval::metric(rows[0]->report.metrics[0].first).title, low, high);
}

Axis views_axis(const std::vector<Series>& views) {
  std::set<double> counts;
  for (const auto& line : views) {
    for (const auto& point : line.points) counts.insert(point[0]);
  }
  Axis axis{"photos per product", *counts.begin(), *counts.rbegin(), true};
  for (const double count : counts) axis.ticks.emplace_back(count, fmt::format("{}", count));
  return axis;
}

std::vector<Line> lines_of(const std::vector<Series>& all) {
  std::vector<Line> lines;
  for (const auto& series : all) lines.push_back({series.name, series.points});
  return lines;
}

std::string views_section(const std::vector<Series>& views) {
  return section("views", "Accuracy by number of photos",
                 draw({"views-plot", "Bars hold 95 % of the random choices of photos.", views_axis(views),
                       percent_axis("accuracy"), lines_of(views)}));
}

}  // namespace

std::string speed_of(const Page& page) {
  const auto rows = timed(page.comparison);
  if (rows.size() < 2) return {};
  Plot plot{"speed-plot", "Speed against accuracy. Grey: another model is faster and more accurate.", speed_axis(rows),
            value_axis(rows)};
  for (const auto* row : rows) {
    const auto& e = row->report.metrics[0].second;
    plot.dots.push_back(
        {name_of(*row, page.comparison), speed_of(*row), e.value, e.low, e.high, is_dominated(*row, rows)});
  }
  return section("speed", "Speed against accuracy", draw(plot));
}

std::string curve_of(const Views& views) {
  std::vector<Series> lines;
  for (std::size_t i = 0; i < views.rows.at(0).metrics.size(); ++i) {
    const auto& metric = views.rows[0].metrics[i].first;
    if (!in_percent(metric)) continue;  // the axis has percents
    auto& line = lines.emplace_back(Series{eval::metric(metric).title, {}});
    for (const auto& row : views.rows) {
      const auto& e = row.metrics.at(i).second;
      line.points.push_back({double(row.views), e.value, e.low, e.high});
    }
  }
  return lines.empty() ? "" : views_section(lines);
}

std::string curves_of(const Page& page) {
  std::string out;
  if (!page.views.empty()) out += views_section(page.views);
  if (!page.roc.empty()) {
    out += section("unknown", "Products recognised, by how many strangers are let in",
                   draw({"roc-plot", "Each point is a threshold.",
                         percent_axis("photos of other products answered (false alarms)"),
                         percent_axis("photos of catalogue products answered"), lines_of(page.roc)}));
  }
  return out;
}

}  // namespace matcher::report
