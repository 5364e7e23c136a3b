#include "matcher/report/fusion.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "matcher/report/tables/cells.hpp"
#include "matcher/report/verdict.hpp"

namespace matcher::report {
namespace {

/// "; better than: a (+25.0 points [+12.5, +50.0], p=0.02)"; "" without names.
std::string clause(const char* relation, const std::vector<std::string>& names) {
  return names.empty() ? "" : fmt::format("; {}: {}", relation, fmt::join(names, ", "));
}

}  // namespace

std::string sentence(const Fusion& fusion) {
  const auto& [metric, value] = fusion.ensemble.metrics.at(0);
  std::vector<std::string> better, same, worse;
  for (const auto& member : fusion.members) {
    if (member.gains.empty()) continue;
    const auto& name = member.report.model.name;
    const auto& gain = member.gains[0].second;
    if (!is_shown(gain))
      same.push_back(fmt::format("{} ({})", name, shown(metric, member.report.metrics.at(0).second.value)));
    else
      (gain.value > 0 ? better : worse).push_back(fmt::format("{} ({})", name, shown_lead(metric, gain)));
  }
  return fmt::format("ensemble: {} ({} {})", fusion.ensemble.model.name, eval::metric(metric).title,
                     shown(metric, value.value)) +
         clause("better than", better) + clause("not shown to differ from", same) + clause("worse than", worse);
}

}  // namespace matcher::report
