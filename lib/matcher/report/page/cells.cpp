#include "matcher/report/page/cells.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "matcher/report/escape.hpp"
#include "matcher/report/tables/cells.hpp"

namespace matcher::report {
namespace {

std::string bar(double length, const std::string& interval = {}) {
  return fmt::format("<span class=\"bar\" aria-hidden=\"true\"><i style=\"width:{:.1f}%\"></i>{}</span>", 100 * length,
                     interval);
}

std::string interval(double left, double width) {
  return fmt::format("<b style=\"left:{:.1f}%;width:{:.1f}%\"></b>", left, width);
}

std::string whisker(const eval::Gain& g, double reach) {
  const auto at = [&](double v) { return 50 + 50 * v / reach; };
  return fmt::format("<span class=\"gain\" aria-hidden=\"true\">{}<i style=\"left:{:.1f}%\"></i></span>",
                     interval(at(g.low), at(g.high) - at(g.low)), at(g.value));
}

}  // namespace

MetricColumn::MetricColumn(std::string metric, const std::vector<eval::Estimate>& estimates)
    : metric_(std::move(metric)) {
  if (estimates.size() < 2) return;
  const auto low = std::floor(10 * std::ranges::min(estimates, {}, &eval::Estimate::low).low);
  const auto high = std::ceil(10 * std::ranges::max(estimates, {}, &eval::Estimate::high).high);
  if (low < 2) return;  // bars from 0 are read without thinking, and little is gained
  low_ = low / 10;
  high_ = std::max(high, low + 1) / 10;
}

std::string MetricColumn::title() const {
  auto title = eval::metric(metric_).title;
  if (low_ == 0) return title;
  const auto end = [&](double v) {
    return in_percent(metric_) ? fmt::format("{:.0f} %", 100 * v) : fmt::format("{:.1f}", v);
  };
  return fmt::format("{}, bars from {} to {}", title, end(low_), end(high_));
}

HtmlCell MetricColumn::cell(const eval::Estimate& e) const {
  const auto at = [&](double value) { return (value - low_) / (high_ - low_); };
  return {bar(at(e.value), interval(100 * at(e.low), 100 * (at(e.high) - at(e.low)))) +
              escape_xml(shown_with_interval(metric_, e)),
          exact(e.value), "number"};
}

std::vector<MetricColumn> metric_columns(const std::vector<const Metrics*>& rows) {
  std::vector<MetricColumn> columns;
  for (std::size_t i = 0; i < rows.at(0)->size(); ++i) {
    std::vector<eval::Estimate> estimates;
    for (const auto* row : rows) estimates.push_back(row->at(i).second);
    columns.emplace_back(rows[0]->at(i).first, estimates);
  }
  return columns;
}

HtmlCell metric_cell(const std::string& metric, const eval::Estimate& e) { return MetricColumn(metric, {}).cell(e); }

HtmlCell share_cell(double share) { return {bar(share) + percent(share), exact(share), "number"}; }

HtmlCell gain_cell(const std::string& metric, const eval::Gain& gain, double reach) {
  const auto colour = colour_of(gain);
  return {whisker(gain, reach > 0 ? reach : 1) + escape_xml(shown_gain(metric, gain)), exact(gain.value),
          colour.empty() ? "number" : "number " + colour};
}

double reach_of(const eval::Gain& gain) { return std::max(std::abs(gain.low), std::abs(gain.high)); }

std::string colour_of(const eval::Gain& gain) {
  if (!is_shown(gain) || gain.value == 0) return {};
  return gain.value > 0 ? "up" : "down";
}

}  // namespace matcher::report
