#include "matcher/run/gate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>

#include "matcher/core/error.hpp"
#include "matcher/core/names.hpp"

namespace matcher::run {
namespace {

Margin parse_margin(const std::string& text, const std::string& flag) {
  const auto equals = text.find('=');
  Margin margin{text.substr(0, equals), -1};
  const char* end = text.data() + text.size();
  if (equals != std::string::npos) {
    const auto [parsed, error] = std::from_chars(text.data() + equals + 1, end, margin.max_drop);
    if (error == std::errc() && parsed == end && margin.max_drop >= 0 && margin.max_drop <= 1) return margin;
  }
  throw Error(ErrorCode::usage, fmt::format("{} \"{}\" is not METRIC=FRACTION, for example top1=0.01", flag, text));
}

std::vector<std::string> metrics_of(const StoredRun& run) {
  std::vector<std::string> names;
  for (const auto& [name, estimate] : run.report.metrics) names.push_back(name);
  return names;
}

void check_metrics(const std::vector<Margin>& margins, const std::vector<std::string>& known, const char* flag) {
  for (const auto& margin : margins) {
    if (std::ranges::count(known, margin.metric)) continue;
    throw Error(ErrorCode::usage, fmt::format("{} names \"{}\", a metric that the runs do not have{}", flag,
                                              margin.metric, name_hint(margin.metric, known)));
  }
}

const std::vector<double>& values_of(const StoredRun& run, const std::string& metric) {
  const auto names = metrics_of(run);
  return run.metric_values[std::size_t(std::ranges::find(names, metric) - names.begin())];
}

/// The same program, model and index with equal values: nothing is there to be sampled.
bool is_unchanged(const StoredRun& run, const StoredRun& baseline, const std::string& metric) {
  return run.report.model.fingerprint == baseline.report.model.fingerprint &&
         run.report.index == baseline.report.index && values_of(run, metric) == values_of(baseline, metric);
}

report::Check check_of(const StoredRun& run, const StoredRun& baseline, const Margin& margin, eval::Groups groups) {
  report::Check check{run.report.model.name, run.folder.string(), margin.metric, margin.max_drop, {}, {}};
  check.unchanged = is_unchanged(run, baseline, margin.metric);
  if (check.unchanged) {
    check.test.p_within = 0;
    check.bounds = {0, 0};
    return check;
  }
  const auto &values = values_of(run, margin.metric), &before = values_of(baseline, margin.metric);
  check.test = eval::test_drop(values, before, margin.max_drop, groups);
  check.bounds = eval::drop_bounds(values, before, groups);
  return check;
}

/// Holm over `all`, whose p_beyond is tested; `note` sees each with its corrected p.
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

struct Pair {
  std::vector<double> values, before;
};

std::map<std::string, Pair> by_label(const StoredRun& run, const StoredRun& baseline, const std::string& metric) {
  const auto &values = values_of(run, metric), &before = values_of(baseline, metric);
  std::map<std::string, Pair> labels;
  for (std::size_t i = 0; i < values.size(); ++i) {
    auto& pair = labels[run.queries[i].label];
    pair.values.push_back(values[i]);
    pair.before.push_back(before[i]);
  }
  return labels;
}

report::LabelCheck label_check_of(const StoredRun& run, const StoredRun& baseline, const Margin& margin) {
  report::LabelCheck check{run.report.model.name, run.folder.string(), margin.metric, margin.max_drop, 0, 0, {}};
  std::vector<report::LabelFall> all;
  for (const auto& [label, pair] : by_label(run, baseline, margin.metric)) {
    all.push_back({label, pair.values.size(), eval::test_drop(pair.values, pair.before, margin.max_drop)});
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

std::vector<Margin> parse_margins(const std::string& text, const std::string& flag) {
  std::vector<Margin> margins;
  for (std::size_t start = 0; start <= text.size();) {
    const auto end = std::min(text.find(',', start), text.size());
    margins.push_back(parse_margin(text.substr(start, end - start), flag));
    start = end + 1;
  }
  return margins;
}

void check_margins(const GateOptions& options, const StoredRun& baseline) {
  check_metrics(options.max_drop, metrics_of(baseline), "--max-drop");
  check_metrics(options.max_drop_label, metrics_of(baseline), "--max-drop-label");
}

report::Gate judge(const std::vector<StoredRun>& runs, std::size_t baseline, const GateOptions& options,
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
