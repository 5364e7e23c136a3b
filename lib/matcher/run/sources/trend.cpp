#include "matcher/run/trend.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "matcher/core/error.hpp"
#include "matcher/report/verdict.hpp"
#include "matcher/run/common.hpp"
#include "matcher/run/measure.hpp"

namespace matcher::run {
namespace {

void check_metric(const Run& run, const std::string& metric) {
  if (report::find_metric(run.report.metrics, metric) != nullptr) return;
  std::vector<std::string> names;
  for (const auto& [name, estimate] : run.report.metrics) names.push_back(name);
  throw Error(ErrorCode::usage, fmt::format("the run \"{}\" has no metric \"{}\"; it has {}. Choose one of them with "
                                            "--metric",
                                            run.folder.string(), metric, fmt::join(names, ", ")));
}

void check_dataset(const Run& run, const Run& reference) {
  const auto &a = run.report.dataset, &b = reference.report.dataset;
  if (a.name == b.name && a.protocol == b.protocol && run.report.depth == reference.report.depth) return;
  throw Error(ErrorCode::mismatch,
              fmt::format("the runs \"{}\" and \"{}\" are not of one series: their datasets are \"{}\" and \"{}\", and "
                          "they keep {} and {} answers per query. Leave one of them out",
                          reference.folder.string(), run.folder.string(), b.name, a.name, reference.report.depth,
                          run.report.depth));
}

report::Night describe(const Run& run, const std::string& metric) {
  report::Night night;
  night.run = run.folder.string();
  night.created = run.made.created;
  night.host = run.made.host;
  night.model = run.report.model.name;
  night.fingerprint = run.report.model.fingerprint;
  night.value = *report::find_metric(run.report.metrics, metric);
  night.queries = known_queries(run.queries).size();
  return night;
}

/// Adds the change against the reference. The gain's p is not corrected yet.
void compare(report::Night& night, Run run, Run reference, const eval::Metric& metric, const TrendOptions& options) {
  std::vector<Run> both;
  both.push_back(std::move(reference));
  both.push_back(std::move(run));
  keep_common_queries(both);
  const auto before = measure_each(both[0], {&metric, 1}), now = measure_each(both[1], {&metric, 1});
  const auto groups = groups_of(before.queries, options.resample);
  night.common = now.queries.size();
  night.gain = eval::paired_gain(now.values[0], before.values[0], groups);
  if (options.max_drop) night.drop = eval::test_drop(now.values[0], before.values[0], options.max_drop->value, groups);
}

bool is_unchanged(const report::Night& night, const Run& reference) {
  return night.fingerprint == reference.report.model.fingerprint && night.gain.value == 0 && night.gain.p == 1;
}

/// Corrects over the nights (Holm), and judges each.
void judge(std::vector<report::Night*>& nights, const Run& reference, const TrendOptions& options) {
  std::vector<eval::Gain*> gains;
  std::vector<double> beyond;
  for (auto* night : nights) {
    gains.push_back(&night->gain);
    beyond.push_back(night->drop.p_beyond);
  }
  eval::correct(gains);
  const auto corrected = eval::holm(beyond);
  for (std::size_t i = 0; i < nights.size(); ++i) {
    auto& night = *nights[i];
    if (options.max_drop)
      night.verdict =
          is_unchanged(night, reference) ? eval::Verdict::pass : eval::judge(night.drop.p_within, corrected[i]);
    else
      night.verdict = night.gain.value < 0 && report::is_shown(night.gain) ? eval::Verdict::fail : eval::Verdict::pass;
  }
}

}  // namespace

report::Trend follow(std::vector<Run> runs, const Run& reference, const TrendOptions& options) {
  std::ranges::stable_sort(runs, {}, [](const Run& run) { return run.made.created; });
  const auto metric = options.max_drop          ? options.max_drop->metric
                      : !options.metric.empty() ? options.metric
                                                : reference.report.metrics.at(0).first;
  check_metric(reference, metric);
  const auto parsed = eval::metric(metric);
  report::Trend trend{.metric = metric,
                      .reference = reference.folder.string(),
                      .queries_are = reference.report.dataset.queries_are,
                      .nights = {},
                      .reference_value = *report::find_metric(reference.report.metrics, metric),
                      .reference_queries = known_queries(reference.queries).size()};
  if (options.max_drop) trend.max_drop = options.max_drop->value;
  for (const auto& run : runs) {
    check_dataset(run, reference);
    check_metric(run, metric);
    trend.nights.push_back(describe(run, metric));
  }
  std::vector<report::Night*> others;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    auto& night = trend.nights[i];
    night.common = night.queries;
    if (night.run == trend.reference) continue;
    compare(night, std::move(runs[i]), reference, parsed, options);
    others.push_back(&night);
  }
  judge(others, reference, options);
  return trend;
}

}  // namespace matcher::run
