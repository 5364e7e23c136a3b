#include "matcher/run/verdict.hpp"

namespace matcher::run {
namespace {

report::Contender contender_of(const report::Row& row) {
  return {row.report.model.name, row.run, row.report.metrics.at(0).second};
}

/// The gain of the best run over another.
eval::Gain gain_over(const MeasuredRun& best, const MeasuredRun& other, eval::Groups groups) {
  return eval::paired_gain(best.values.at(0), other.values.at(0), groups);
}

}  // namespace

report::ModelVerdict decide(std::span<const MeasuredRun> runs, std::span<const report::Row> rows, std::size_t baseline,
                            eval::Groups groups) {
  const auto order = report::best_first(rows);
  const auto best = order[0];
  report::ModelVerdict verdict{rows[best].report.metrics.at(0).first, contender_of(rows[best]), {}, {}};
  std::vector<report::Contender> others;
  std::vector<eval::Gain*> family;
  for (const auto i : std::span(order).subspan(1)) {
    others.push_back(contender_of(rows[i]));
    others.back().behind = gain_over(runs[best], runs[i], groups);
  }
  for (auto& other : others) family.push_back(&other.behind);
  eval::correct(family);
  for (std::size_t i = 0; i < others.size(); ++i) {
    if (order[i + 1] == baseline) others[i].behind.p_corrected = rows[best].gains.at(0).second.p_corrected;
    auto& group = report::is_shown(others[i].behind) ? verdict.worse : verdict.not_shown_to_differ;
    group.push_back(std::move(others[i]));
  }
  return verdict;
}

}  // namespace matcher::run
