// Cells of HTML tables that draw their number.
#pragma once

#include <string>
#include <vector>

#include "matcher/eval/paired.hpp"
#include "matcher/report/page/markup.hpp"
#include "matcher/report/report.hpp"

namespace matcher::report {

/// A column of a metric. If all values are high, its bars start later than at 0, so that differences are seen.
class MetricColumn {
 public:
  MetricColumn(std::string metric, const std::vector<eval::Estimate>& estimates);

  std::string title() const;                            ///< "top-1", or "top-1, bars from 60 % to 90 %"
  HtmlCell cell(const eval::Estimate& estimate) const;  ///< a bar with its interval

 private:
  std::string metric_;
  double low_ = 0, high_ = 1;  ///< ends of the bars
};

/// A column per metric of the first row; every row has the same metrics.
std::vector<MetricColumn> metric_columns(const std::vector<const Metrics*>& rows);

/// A metric as a bar from 0 to 1, with its interval.
HtmlCell metric_cell(const std::string& metric, const eval::Estimate& estimate);

/// A share as a bar from 0 to 1, in percent.
HtmlCell share_cell(double share);

/// A gain as a dot with its interval, on an axis from -reach to reach.
HtmlCell gain_cell(const std::string& metric, const eval::Gain& gain, double reach);

/// The larger distance from 0 of the ends of the interval.
double reach_of(const eval::Gain& gain);

/// "up", "down" or empty: green, red or no colour. Follows `shown` alone, as the words do.
std::string colour_of(const eval::Gain& gain);

}  // namespace matcher::report
