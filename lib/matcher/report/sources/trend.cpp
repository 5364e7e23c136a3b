#include "matcher/report/trend.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "matcher/eval/metrics.hpp"
#include "matcher/report/tables/cells.hpp"

namespace matcher::report {

const Night* Trend::first_bad() const {
  const auto found = std::ranges::find(nights, eval::Verdict::fail, &Night::verdict);
  return found == nights.end() ? nullptr : &*found;
}

std::string day_of(const Night& night) { return night.created.empty() ? night.run : night.created.substr(0, 10); }

std::string sentence(const Trend& trend) {
  const auto title = eval::metric(trend.metric).title;
  const auto start = fmt::format("{} of {} run{}", title, trend.nights.size(), trend.nights.size() == 1 ? "" : "s");
  const auto* bad = trend.first_bad();
  if (bad == nullptr) {
    return trend.max_drop ? fmt::format("{}: none is shown to be down by more than the limit", start)
                          : fmt::format("{}: none is shown to be worse than the reference", start);
  }
  return fmt::format("{}: first bad run {} ({}): {}", start, day_of(*bad), bad->run,
                     shown_lead(trend.metric, bad->gain));
}

}  // namespace matcher::report
