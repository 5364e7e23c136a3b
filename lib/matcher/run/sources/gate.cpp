#include "matcher/run/gate.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "matcher/core/error.hpp"
#include "matcher/core/names.hpp"
#include "matcher/run/gate/check.hpp"
#include "matcher/run/gate/slices.hpp"
#include "matcher/run/gate/speed.hpp"

namespace matcher::run {
namespace {

/// The same model and index with equal values: there is nothing to sample.
bool is_unchanged(const MeasuredRun& run, const MeasuredRun& baseline, const std::string& metric) {
  return is_same_model(run, baseline) && values_of(run, metric) == values_of(baseline, metric);
}

report::Check check_of(const MeasuredRun& run, const MeasuredRun& baseline, const MetricLimit& margin,
                       eval::Groups groups) {
  report::Check check{run.run->report.model.name, run.run->folder.string(), margin.metric, margin.value, {}, {}};
  check.unchanged = is_unchanged(run, baseline, margin.metric);
  if (check.unchanged) {
    check.test.p_within = 0;
    check.bounds = {0, 0};
    return check;
  }
  const auto &values = values_of(run, margin.metric), &before = values_of(baseline, margin.metric);
  check.test = eval::test_drop(values, before, margin.value, groups);
  check.bounds = eval::drop_bounds(values, before, groups);
  return check;
}

/// Values of a label's queries in both runs.
struct Pair {
  std::vector<double> values, before;
};

std::map<std::string_view, Pair> by_label(const MeasuredRun& run, const MeasuredRun& baseline,
                                          const std::string& metric) {
  const auto &values = values_of(run, metric), &before = values_of(baseline, metric);
  std::map<std::string_view, Pair> labels;
  for (std::size_t i = 0; i < values.size(); ++i) {
    auto& pair = labels[run.queries[i]->label];
    pair.values.push_back(values[i]);
    pair.before.push_back(before[i]);
  }
  return labels;
}

report::LabelCheck label_check_of(const MeasuredRun& run, const MeasuredRun& baseline, const MetricLimit& margin) {
  report::LabelCheck check{run.run->report.model.name, run.run->folder.string(), margin.metric, margin.value, 0, 0, {}};
  std::vector<report::LabelFall> all;
  for (const auto& [label, pair] : by_label(run, baseline, margin.metric)) {
    all.push_back({std::string(label), pair.values.size(), eval::test_drop(pair.values, pair.before, margin.value), 1,
                   name_of(*run.run, std::string(label))});
  }
  check.labels = all.size();
  correct(pointers_to(all), [&](const report::LabelFall& fall) {
    check.within += fall.test.p_within <= eval::gate_level;
    if (fall.test.value > 0) check.fell.push_back(fall);
  });
  std::ranges::stable_sort(check.fell, {}, [](const report::LabelFall& fall) { return fall.test.p_beyond; });
  check.verdict = check.beyond().empty() ? eval::Verdict::pass : eval::Verdict::fail;
  return check;
}

}  // namespace

void check_gate(const GateOptions& options, const std::vector<std::string>& metrics) {
  check_limits(options.max_drop, metrics, "--max-drop");
  check_limits(options.max_drop_label, metrics, "--max-drop-label");
  check_limits(options.max_drop_slice, metrics, "--max-drop-slice");
  for (const auto& limit : options.max_slowdown) report::find_speed_measure(limit.metric, "--max-slowdown");
  if (!options.slices.empty() && options.max_drop.empty() && options.max_drop_slice.empty())
    throw Error(ErrorCode::usage,
                "--slice needs a limit. Add --max-drop-slice, for example --max-drop-slice top1=0.10");
  if (options.slices.empty() && !options.max_drop_slice.empty())
    throw Error(ErrorCode::usage, "--max-drop-slice needs a column. Add --slice category, or --slice label");
}

void refuse_slices(const std::string& column, const std::vector<std::string>& columns, const std::string& place,
                   const std::string& advice) {
  const auto near = nearest_name(column, columns);
  throw Error(
      ErrorCode::usage,
      fmt::format("--slice: no query of \"{}\" has a column \"{}\". {}The columns are: {}. {}", place, column,
                  near.empty() ? "" : fmt::format("Did you mean \"{}\"? ", near), fmt::join(columns, ", "), advice));
}

report::Gate judge(std::span<const MeasuredRun> runs, std::size_t baseline, const GateOptions& options,
                   eval::Groups groups) {
  report::Gate gate;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (i == baseline) continue;
    for (const auto& margin : options.max_drop)
      gate.checks.push_back(check_of(runs[i], runs[baseline], margin, groups));
    for (const auto& margin : options.max_drop_label)
      gate.label_checks.push_back(label_check_of(runs[i], runs[baseline], margin));
  }
  correct(pointers_to(gate.checks),
          [](report::Check& check) { check.verdict = eval::judge(check.test.p_within, check.p_beyond_corrected); });
  const auto resample = groups.empty() ? eval::Resample::query : eval::Resample::label;
  gate.slice_checks = judge_slices(runs, baseline, options, resample);
  gate.speed_checks = judge_speed(runs, baseline, options.max_slowdown);
  gate.speed_limits = judge_speed_limits(runs, baseline, options.speed_limits);
  return gate;
}

}  // namespace matcher::run
