#include "matcher/pipeline/compare.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>

#include "matcher/core/error.hpp"
#include "matcher/core/file.hpp"
#include "matcher/core/names.hpp"
#include "matcher/core/parallel.hpp"

namespace matcher::pipeline {
namespace {

std::vector<run::StoredRun> read_runs(const std::vector<fs::path>& folders) {
  std::vector<run::StoredRun> runs(folders.size());
  in_parallel(runs.size(), std::size_t(thread_count(0)), [&](std::size_t i) { runs[i] = run::read_run(folders[i]); });
  return runs;
}

bool is_same_folder(const fs::path& a, const fs::path& b) {
  return fs::weakly_canonical(a / "") == fs::weakly_canonical(b / "");
}

bool is_run(const fs::path& folder) { return fs::exists(folder / "queries.jsonl"); }

/// A baseline that is another run is read with the others, in front of them.
std::vector<run::StoredRun> stored_runs(const Context& context, const CompareOptions& options) {
  auto folders = options.runs;
  const auto is_baseline = [&](const fs::path& folder) { return is_same_folder(folder, options.baseline); };
  if (options.models.empty() && is_run(options.baseline) && std::ranges::none_of(folders, is_baseline))
    folders.insert(folders.begin(), options.baseline);
  auto runs = read_runs(folders);
  for (const auto& model : options.models) {
    auto eval = options.eval;
    eval.model = model;
    eval.output.clear();
    runs.push_back(run::read_run(evaluate(context, eval).folder));
  }
  return runs;
}

std::vector<std::string> metric_names(const run::StoredRun& run) {
  std::vector<std::string> names;
  for (const auto& [name, estimate] : run.report.metrics) names.push_back(name);
  return names;
}

bool same_queries(const run::StoredRun& a, const run::StoredRun& b) {
  return std::ranges::equal(a.queries, b.queries, [](const run::StoredQuery& x, const run::StoredQuery& y) {
    return x.id == y.id && x.label == y.label;
  });
}

/// What keeps two runs from being compared; empty when nothing does.
std::string difference(const run::StoredRun& a, const run::StoredRun& b) {
  if (auto data = data_difference(a.report, b.report); !data.empty()) return data;
  if (metric_names(a) != metric_names(b)) {
    return fmt::format("their metrics are {} and {}", fmt::join(metric_names(a), ", "),
                       fmt::join(metric_names(b), ", "));
  }
  if (!same_queries(a, b))
    return fmt::format("they hold different queries ({} and {})", a.queries.size(), b.queries.size());
  return {};
}

void check_comparable(const std::vector<run::StoredRun>& runs) {
  for (const auto& run : runs) {
    const auto why = difference(runs[0], run);
    if (why.empty()) continue;
    throw Error(ErrorCode::mismatch,
                fmt::format("runs {} and {} cannot be compared: {}; evaluate both again on the same data",
                            runs[0].folder.string(), run.folder.string(), why));
  }
}

std::optional<std::size_t> compared_folder(const std::vector<run::StoredRun>& runs, const std::string& baseline) {
  const auto same = [&](const run::StoredRun& run) { return is_same_folder(run.folder, baseline); };
  const auto found = std::ranges::find_if(runs, same);
  return found == runs.end() ? std::nullopt : std::optional(std::size_t(found - runs.begin()));
}

std::optional<std::size_t> compared_model(const std::vector<run::StoredRun>& runs, const Context& context,
                                          const std::string& baseline) {
  const auto named = [&](const std::string& name) {
    return std::ranges::find(runs, name, [](const run::StoredRun& run) { return run.report.model.name; });
  };
  auto found = named(baseline);
  if (found == runs.end() && baseline.find_first_of("+:/") != std::string::npos && !fs::is_directory(baseline)) {
    found = named(choose_model(context, baseline).name);
  }
  return found == runs.end() ? std::nullopt : std::optional(std::size_t(found - runs.begin()));
}

/// The place of the baseline in `runs`; a run that is not among them is read and put first.
std::size_t baseline_of(std::vector<run::StoredRun>& runs, const Context& context, const CompareOptions& options) {
  const auto& baseline = options.baseline;
  if (baseline.empty()) return 0;
  if (const auto folder = compared_folder(runs, baseline); folder && runs.size() > 1) return *folder;
  if (is_run(baseline) && options.models.empty()) return runs.insert(runs.begin(), run::read_run(baseline)), 0;
  if (const auto model = compared_model(runs, context, baseline)) return *model;
  if (is_run(baseline)) return runs.insert(runs.begin(), run::read_run(baseline)), 0;
  std::vector<std::string> names;
  for (const auto& run : runs) names.push_back(run.report.model.name);
  throw Error(ErrorCode::usage,
              fmt::format("--baseline \"{}\" is neither among the compared models nor the folder of a run{}", baseline,
                          name_hint(baseline, names)));
}

/// What is drawn together: the queries of a label, or (empty) each by itself.
std::vector<std::uint32_t> groups_of(const run::StoredRun& run, const std::string& resample) {
  if (resample == "query") return {};
  if (resample != "label")
    throw Error(ErrorCode::usage, fmt::format("--resample \"{}\" is not query or label", resample));
  std::vector<std::string_view> labels;
  for (const auto& query : run.queries) labels.push_back(query.label);
  return eval::groups_by(labels);
}

std::vector<std::pair<std::string, eval::Gain>> gains(const run::StoredRun& run, const run::StoredRun& baseline,
                                                      eval::Groups groups) {
  const auto gains = eval::paired_gains(run.metric_values, baseline.metric_values, groups);
  std::vector<std::pair<std::string, eval::Gain>> all;
  for (std::size_t m = 0; m < gains.size(); ++m) all.emplace_back(run.report.metrics[m].first, gains[m]);
  return all;
}

/// Holm over the models, for each metric by itself.
void correct(std::vector<report::Row>& rows) {
  for (std::size_t m = 0; m < rows.at(0).report.metrics.size(); ++m) {
    std::vector<eval::Gain*> family;
    for (auto& row : rows) {
      if (!row.gains.empty()) family.push_back(&row.gains[m].second);
    }
    eval::correct(family);
  }
}

report::Changes changes(const run::StoredRun& run, const run::StoredRun& baseline) {
  report::Changes all;
  for (std::size_t i = 0; i < run.queries.size(); ++i) {
    const auto &before = baseline.queries[i], &after = run.queries[i];
    if (before.right() == after.right()) continue;
    (before.right() ? all.broken : all.fixed)
        .push_back({after.id,
                    after.path,
                    after.label,
                    {before.first_id, before.first_label},
                    {after.first_id, after.first_label}});
  }
  return all;
}

/// With intervals of the comparison's kind.
report::Report report_of(const run::StoredRun& run, const std::string& resample, eval::Groups groups) {
  auto report = run.report;
  if (report.resample == resample) return report;
  report.resample = resample;
  for (std::size_t m = 0; m < run.metric_values.size(); ++m) {
    auto& [name, estimate] = report.metrics[m];
    estimate = eval::estimate_of(run.metric_values[m], eval::measure_of(name).rate, groups);
  }
  return report;
}

}  // namespace

std::string data_difference(const report::Report& a, const report::Report& b) {
  const auto &x = a.dataset, &y = b.dataset;
  if (x.name != y.name) return fmt::format("their datasets are \"{}\" and \"{}\"", x.name, y.name);
  if (x.protocol != y.protocol) return fmt::format("their protocols are \"{}\" and \"{}\"", x.protocol, y.protocol);
  if (x.fingerprint != y.fingerprint) {
    return fmt::format("the pictures or labels of \"{}\" changed between them (data {} and {})", x.name,
                       short_fingerprint(x.fingerprint), short_fingerprint(y.fingerprint));
  }
  if (a.depth != b.depth) return fmt::format("they keep {} and {} answers for each query (depth)", a.depth, b.depth);
  return {};
}

report::Comparison compare(const Context& context, const CompareOptions& options) {
  if (options.models.size() + options.runs.size() + !options.baseline.empty() < 2) {
    throw Error(ErrorCode::usage,
                "compare needs two or more: --models A,B, or the folders of two runs, or of one and --baseline RUN");
  }
  auto runs = stored_runs(context, options);
  const auto base = baseline_of(runs, context, options);
  if (runs.size() < 2)
    throw Error(ErrorCode::usage, fmt::format("compare needs a second run beside \"{}\"", runs[0].folder.string()));
  check_comparable(runs);
  check_margins(options.gate, runs[base]);
  const auto groups = groups_of(runs[base], options.resample);
  report::Comparison comparison{runs[base].report.model.name, {}, options.resample, {}};
  for (std::size_t i = 0; i < runs.size(); ++i) {
    report::Row row{report_of(runs[i], options.resample, groups), {}, runs[i].folder.string(), {}};
    if (i != base) row.gains = gains(runs[i], runs[base], groups), row.changes = changes(runs[i], runs[base]);
    comparison.rows.push_back(std::move(row));
  }
  correct(comparison.rows);
  if (!options.gate.empty()) comparison.gate = judge(runs, base, options.gate, groups);
  return comparison;
}

}  // namespace matcher::pipeline
