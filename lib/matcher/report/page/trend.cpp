#include "matcher/report/trend.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "matcher/eval/metrics.hpp"
#include "matcher/report/page/markup.hpp"
#include "matcher/report/page/page.hpp"
#include "matcher/report/page/plot.hpp"
#include "matcher/report/tables/cells.hpp"

namespace matcher::report {
namespace {

constexpr std::size_t most_ticks = 6;

/// The days of some nights, evenly.
Axis days(const Trend& trend) {
  const auto last = trend.nights.size() - 1;
  Axis axis{"run", 0, double(std::max<std::size_t>(last, 1))};
  const auto step = std::max<std::size_t>(1, (last + most_ticks - 1) / most_ticks);
  for (std::size_t i = 0; i <= last; i += step) axis.ticks.emplace_back(double(i), day_of(trend.nights[i]));
  return axis;
}

/// The range of all intervals, in steps of a tenth.
Axis values(const Trend& trend) {
  double low = trend.reference_value.low - trend.max_drop.value_or(0), high = trend.reference_value.high;
  for (const auto& night : trend.nights) {
    low = std::min(low, night.value.low);
    high = std::max(high, night.value.high);
  }
  const int first = std::max(0, int(low * 20)), last = std::min(20, int(high * 20) + 1);
  Axis axis{eval::metric(trend.metric).title, first / 20.0, last / 20.0};
  for (int tick = first; tick <= last; ++tick) axis.ticks.emplace_back(tick / 20.0, shown(trend.metric, tick / 20.0));
  return axis;
}

Line level(std::string name, double value, const Trend& trend) {
  return {std::move(name), {{0, value}, {double(std::max<std::size_t>(trend.nights.size() - 1, 1)), value}}};
}

std::vector<Line> lines_of(const Trend& trend) {
  Line line{eval::metric(trend.metric).title, {}};
  for (std::size_t i = 0; i < trend.nights.size(); ++i) {
    const auto& e = trend.nights[i].value;
    line.points.push_back({double(i), e.value, e.low, e.high});
  }
  std::vector<Line> lines{line, level("reference", trend.reference_value.value, trend)};
  if (trend.max_drop) lines.push_back(level("limit", trend.reference_value.value - *trend.max_drop, trend));
  return lines;
}

HtmlRow row_of(const Night& night, const Trend& trend) {
  const bool is_it = night.run == trend.reference;
  auto change = number_cell(is_it ? "reference" : shown_gain(trend.metric, night.gain), night.gain.value);
  if (night.verdict == eval::Verdict::fail) change.style = "worse";
  return {text_cell(day_of(night)),
          text_cell(night.run),
          text_cell(night.model),
          number_cell(shown_with_interval(trend.metric, night.value), night.value.value),
          change,
          text_cell(is_it ? "" : eval::name_of(night.verdict)),
          count_cell(night.common)};
}

}  // namespace

std::string answer_of(const Trend& trend) {
  return heading(fmt::format("{} over time", eval::metric(trend.metric).title), sentence(trend)) +
         paragraph(fmt::format("Reference: {}, {} of {} {}.", trend.reference,
                               shown_with_interval(trend.metric, trend.reference_value), trend.reference_queries,
                               plural_of(trend.queries_are)));
}

std::string curve_of(const Trend& trend) {
  return section(
      "trend", "Over time",
      draw({"trend-plot", "Each point is a run with its 95 % interval.", days(trend), values(trend), lines_of(trend)}));
}

std::string nights_of(const Trend& trend) {
  std::vector<HtmlRow> rows;
  for (const auto& night : trend.nights) rows.push_back(row_of(night, trend));
  return section(
      "runs", "In numbers",
      table("trend-table", "Runs by time",
            {"day", "run", "model", eval::metric(trend.metric).title, "change", "verdict", "common queries"}, rows,
            OnPhone::cards) +
          paragraph("Change: against the reference on the queries that both runs have, with its 95 % interval; "
                    "p is corrected for the number of runs (Holm)."));
}

}  // namespace matcher::report
