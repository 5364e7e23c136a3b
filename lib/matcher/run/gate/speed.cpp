#include "matcher/run/gate/speed.hpp"

#include <fmt/format.h>

#include <array>

namespace matcher::run {
namespace {

/// Why two trials cannot be compared; empty: they can.
std::string doubt_of(const report::Report& run, const report::Report& baseline) {
  if (!baseline.speed.trial) return "the speed of the baseline was not measured; evaluate it with --speed";
  if (!run.speed.trial) return "its speed was not measured; evaluate it with --speed";
  const std::array trials{baseline.speed.trial, run.speed.trial};
  const auto doubts = report::doubts(trials);
  if (!doubts[0].empty()) return "baseline: " + doubts[0];
  return doubts[1];
}

eval::Verdict verdict_of(const report::SpeedCheck& check) {
  if (check.low > check.max_slowdown) return eval::Verdict::fail;
  return check.high <= check.max_slowdown ? eval::Verdict::pass : eval::Verdict::undecided;
}

report::SpeedCheck check_of(const Run& run, const Run& baseline, const MetricLimit& limit) {
  const auto& measure = report::find_speed_measure(limit.metric, "--max-slowdown");
  report::SpeedCheck check{run.report.model.name, run.folder.string(), measure.name, limit.value};
  check.doubt = doubt_of(run.report, baseline.report);
  if (!check.doubt.empty()) return check;
  check.before = (*baseline.report.speed.trial).*measure.value;
  check.now = (*run.report.speed.trial).*measure.value;
  const auto slower = report::slowdown(measure, check.before, check.now);
  check.slowdown = slower.median;
  check.low = slower.low;
  check.high = slower.high;
  check.verdict = verdict_of(check);
  return check;
}

report::SpeedLimitCheck limit_check_of(const Run& run, const MetricLimit& limit) {
  const auto& measure = report::find_speed_measure(limit.metric, "the gate");
  report::SpeedLimitCheck check{run.report.model.name, run.folder.string(), measure.name, limit.value};
  const auto& trial = run.report.speed.trial;
  check.doubt = trial ? report::doubts(std::array{trial})[0] : "its speed was not measured; evaluate it with --speed";
  if (!check.doubt.empty()) return check;
  check.now = (*trial).*measure.value;
  const bool best_is_within = measure.higher_is_better ? check.now.high >= limit.value : check.now.low <= limit.value;
  const bool worst_is_within = measure.higher_is_better ? check.now.low >= limit.value : check.now.high <= limit.value;
  if (best_is_within != worst_is_within) return check;
  check.verdict = worst_is_within ? eval::Verdict::pass : eval::Verdict::fail;
  return check;
}

}  // namespace

std::vector<report::SpeedCheck> judge_speed(std::span<const MeasuredRun> runs, std::size_t baseline,
                                            const std::vector<MetricLimit>& max_slowdown) {
  std::vector<report::SpeedCheck> checks;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (i == baseline) continue;
    for (const auto& limit : max_slowdown) checks.push_back(check_of(*runs[i].run, *runs[baseline].run, limit));
  }
  return checks;
}

std::vector<report::SpeedLimitCheck> judge_speed_limits(std::span<const MeasuredRun> runs, std::size_t baseline,
                                                        const std::vector<MetricLimit>& limits) {
  std::vector<report::SpeedLimitCheck> checks;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (i == baseline) continue;
    for (const auto& limit : limits) checks.push_back(limit_check_of(*runs[i].run, limit));
  }
  return checks;
}

}  // namespace matcher::run
