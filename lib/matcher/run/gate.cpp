#include "matcher/run/gate.hpp"

#include <algorithm>
#include <map>

namespace matcher::run {
namespace {

const std::vector<double>& values_of(const MeasuredRun& measured, const std::string& metric) {
  const auto found = std::ranges::find(measured.metrics, metric, &eval::Metric::name);
  return measured.values.at(std::size_t(found - measured.metrics.begin()));
}

/// The same model and index with equal values: there is nothing to sample.
bool is_unchanged(const MeasuredRun& run, const MeasuredRun& baseline, const std::string& metric) {
  const auto &now = run.run->report, &before = baseline.run->report;
  return now.model.fingerprint == before.model.fingerprint && now.index == before.index &&
         values_of(run, metric) == values_of(baseline, metric);
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

/// Corrects p_beyond over `all` (Holm), then calls `note` with each.
template <typename Tests, typename Note>
void correct(Tests& all, const Note& note) {
  std::vector<double> p;
  for (const auto& one : all) p.push_back(one.test.p_beyond);
  const auto corrected = eval::holm(p);
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i].p_beyond_corrected = corrected[i];
    note(all[i]);
  }
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
  correct(all, [&](const report::LabelFall& fall) {
    check.within += fall.test.p_within <= eval::gate_level;
    if (fall.test.value > 0) check.fell.push_back(fall);
  });
  std::ranges::stable_sort(check.fell, {}, [](const report::LabelFall& fall) { return fall.test.p_beyond; });
  check.verdict = check.beyond().empty() ? eval::Verdict::pass : eval::Verdict::fail;
  return check;
}

}  // namespace

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
  correct(gate.checks,
          [](report::Check& check) { check.verdict = eval::judge(check.test.p_within, check.p_beyond_corrected); });
  return gate;
}

}  // namespace matcher::run
