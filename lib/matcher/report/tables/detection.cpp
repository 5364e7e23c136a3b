#include "matcher/report/detection.hpp"

#include <fmt/format.h>

#include <cmath>

#include "matcher/report/tables.hpp"

namespace matcher::report {
namespace {

std::string percent(const eval::Estimate& e) {
  return fmt::format("{:.1f} % [{:.1f}, {:.1f}]", 100 * e.value, 100 * e.low, 100 * e.high);
}

std::string bound(double value) { return std::isfinite(value) ? fmt::format("{:.4f}", value) : "unbounded"; }

}  // namespace

Table table_of(const Detection& d, Format) {
  Table table{{fmt::format("{} known and {} unknown queries of {}{}", d.known, d.unknown, d.dataset,
                           d.left_out ? "; unknown: each query with its own product left out" : "")},
              {"model", "threshold", "95 % interval", "false alarms", "answered", "answered rightly",
               "rightly without it", "AUC"},
              {{d.model.name, bound(d.threshold.value),
                fmt::format("[{}, {}]", bound(d.threshold.low), bound(d.threshold.high)), percent(d.false_alarms),
                percent(d.accepted), percent(d.detected), percent(d.top1), fmt::format("{:.4f}", d.area_under_curve)}},
              {}};
  if (!std::isfinite(d.threshold.high)) {
    table.notes.push_back(fmt::format("{} unknown queries cannot bound a threshold for {:g} % false alarms; {} can",
                                      d.unknown, 100 * d.wanted_false_alarms, d.unknown_needed));
  }
  return table;
}

}  // namespace matcher::report
