#include "matcher/pipeline/compare.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "matcher/core/error.hpp"
#include "matcher/core/file.hpp"
#include "matcher/core/names.hpp"

namespace matcher::pipeline {
namespace {

std::vector<StoredRun> stored_runs(const Context& context, const CompareOptions& options) {
  std::vector<StoredRun> runs;
  for (const auto& folder : options.runs) runs.push_back(read_run(folder));
  for (const auto& model : options.models) {
    auto eval = options.eval;
    eval.model = model;
    eval.output.clear();
    runs.push_back(read_run(evaluate(context, eval).folder));
  }
  return runs;
}

std::vector<std::string> metric_names(const StoredRun& run) {
  std::vector<std::string> names;
  for (const auto& [name, estimate] : run.report.metrics) names.push_back(name);
  return names;
}

/// What keeps two runs from being compared; empty when nothing does.
std::string difference(const StoredRun& a, const StoredRun& b) {
  const auto& x = a.report;
  const auto& y = b.report;
  if (x.dataset.name != y.dataset.name) return fmt::format("their datasets are \"{}\" and \"{}\"", x.dataset.name, y.dataset.name);
  if (x.dataset.fingerprint != y.dataset.fingerprint) {
    return fmt::format("the pictures or labels of \"{}\" changed between them (data {} and {})", x.dataset.name,
                       short_fingerprint(x.dataset.fingerprint), short_fingerprint(y.dataset.fingerprint));
  }
  if (x.depth != y.depth) return fmt::format("they keep {} and {} answers for each query", x.depth, y.depth);
  if (metric_names(a) != metric_names(b)) return "they hold different metrics";
  if (a.query_ids != b.query_ids) return "they hold different queries";
  return {};
}

void check_comparable(const std::vector<StoredRun>& runs) {
  for (const auto& run : runs) {
    const auto why = difference(runs[0], run);
    if (why.empty()) continue;
    throw Error(ErrorCode::mismatch, fmt::format("runs {} and {} cannot be compared: {}; evaluate both again on the same data",
                                                 runs[0].folder.string(), run.folder.string(), why));
  }
}

std::size_t baseline_of(const std::vector<StoredRun>& runs, const Context& context, const std::string& baseline) {
  if (baseline.empty()) return 0;
  std::vector<std::string> names;
  for (const auto& run : runs) names.push_back(run.report.model.name);
  auto found = std::find(names.begin(), names.end(), baseline);
  if (found == names.end()) {
    const auto by_folder = std::find_if(runs.begin(), runs.end(), [&](const StoredRun& r) { return r.folder == fs::path(baseline); });
    if (by_folder != runs.end()) return std::size_t(by_folder - runs.begin());
  }
  if (found == names.end() && baseline.find_first_of("+:/") != std::string::npos) {
    found = std::find(names.begin(), names.end(), choose_model(context, baseline).name);
  }
  if (found == names.end()) {
    throw Error(ErrorCode::usage, fmt::format("--baseline \"{}\" is not among the compared models{}", baseline, name_hint(baseline, names)));
  }
  return std::size_t(found - names.begin());
}

std::vector<std::pair<std::string, eval::Gain>> gains(const StoredRun& run, const StoredRun& baseline) {
  std::vector<std::pair<std::string, eval::Gain>> all;
  for (std::size_t m = 0; m < run.metric_values.size(); ++m) {
    all.push_back({run.report.metrics[m].first, eval::paired_gain(run.metric_values[m], baseline.metric_values[m])});
  }
  return all;
}

}  // namespace

report::Comparison compare(const Context& context, const CompareOptions& options) {
  if (options.models.size() + options.runs.size() < 2) {
    throw Error(ErrorCode::usage, "compare needs two or more: --models A,B or the folders of two runs");
  }
  const auto runs = stored_runs(context, options);
  check_comparable(runs);
  const auto base = baseline_of(runs, context, options.baseline);
  report::Comparison comparison{runs[base].report.model.name, {}};
  for (std::size_t i = 0; i < runs.size(); ++i) {
    comparison.rows.push_back({runs[i].report, i == base ? decltype(gains(runs[i], runs[i])){} : gains(runs[i], runs[base])});
  }
  return comparison;
}

}  // namespace matcher::pipeline
