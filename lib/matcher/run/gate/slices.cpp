#include "matcher/run/gate/slices.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>

#include "matcher/core/error.hpp"
#include "matcher/run/gate/check.hpp"

namespace matcher::run {
namespace {

/// Values of the queries of a slice in both runs, and the groups that are drawn together.
struct Part {
  std::vector<double> values, before;
  std::vector<std::string_view> labels;
};

std::map<std::string_view, Part> split(const MeasuredRun& run, const MeasuredRun& baseline, const std::string& metric,
                                       const std::string& column) {
  const auto &values = values_of(run, metric), &before = values_of(baseline, metric);
  std::map<std::string_view, Part> parts;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto& value = value_of(*run.queries[i], column);
    if (value.empty()) continue;  // in no slice, as in the report; counted by the check
    auto& part = parts[value];
    part.values.push_back(values[i]);
    part.before.push_back(before[i]);
    part.labels.push_back(run.queries[i]->label);
  }
  return parts;
}

/// The columns that a query of the run has a value in.
std::vector<std::string> columns_of(const Run& run) {
  std::vector<std::string> columns;
  for (const auto* usual : {"label", "category"})
    if (std::ranges::any_of(run.queries, [&](const auto& query) { return !value_of(query, usual).empty(); }))
      columns.emplace_back(usual);
  columns.insert(columns.end(), run.columns.begin(), run.columns.end());
  return columns;
}

void check_any(const report::SliceCheck& check, const Run& run) {
  if (!check.slices.empty()) return;
  if (check.column == "category")
    throw Error(
        ErrorCode::input,
        fmt::format("--slice category: no query of \"{}\" has a category. Add a column category to the dataset, "
                    "or leave --slice out",
                    run.report.dataset.name));
  const auto folder = run.folder.string();
  refuse_slices(check.column, columns_of(run), folder,
                fmt::format("A column that the catalogue has now is there after the run is made again: matcher eval "
                            "--model {} --dataset D --output {}",
                            run.report.model.name, folder));
}

report::Slice test_slice(const Part& part, double margin, eval::Groups groups, std::size_t fewest, bool same_model) {
  report::Slice slice;
  slice.queries = part.values.size();
  slice.unchanged = same_model && part.values == part.before;
  if (slice.unchanged) {
    slice.test.p_within = 0;
    slice.bounds = {0, 0};
    return slice;
  }
  slice.test = eval::test_drop(part.values, part.before, margin, groups);
  slice.bounds = eval::drop_bounds(part.values, part.before, groups);
  const auto drawn = groups.empty() ? slice.queries : 1 + *std::ranges::max_element(groups);
  slice.too_few = drawn < fewest;
  return slice;
}

report::SliceCheck check_of(const MeasuredRun& run, const MeasuredRun& baseline, const MetricLimit& margin,
                            const std::string& column, eval::Resample resample) {
  const auto& r = *run.run;
  const bool by_label = column == "label";
  report::SliceCheck check{r.report.model.name,
                           r.folder.string(),
                           margin.metric,
                           margin.value,
                           column,
                           eval::fewest_to_pass(margin.value),
                           {}};
  check.without_value = run.queries.size();
  for (const auto& [value, part] : split(run, baseline, margin.metric, column)) {
    const bool grouped = resample == eval::Resample::label && !by_label;
    const auto groups = grouped ? eval::groups_by(part.labels) : std::vector<std::uint32_t>();
    auto slice = test_slice(part, margin.value, groups, check.fewest, is_same_model(run, baseline));
    slice.value = value;
    slice.name = by_label ? name_of(r, slice.value) : slice.value;
    check.without_value -= slice.queries;
    check.slices.push_back(std::move(slice));
  }
  check_any(check, r);
  return check;
}

/// A slice that cannot pass says nothing unless it failed.
eval::Verdict verdict_of(const report::SliceCheck& check) {
  std::vector<eval::Verdict> all;
  for (const auto& slice : check.slices) {
    if (!slice.too_few || slice.verdict == eval::Verdict::fail) all.push_back(slice.verdict);
  }
  return all.empty() ? eval::Verdict::undecided : eval::worst(all);
}

}  // namespace

std::vector<report::SliceCheck> judge_slices(std::span<const MeasuredRun> runs, std::size_t baseline,
                                             const GateOptions& options, eval::Resample resample) {
  std::vector<report::SliceCheck> checks;
  const auto& limits = options.max_drop_slice.empty() ? options.max_drop : options.max_drop_slice;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (i == baseline) continue;
    for (const auto& column : options.slices)
      for (const auto& limit : limits) checks.push_back(check_of(runs[i], runs[baseline], limit, column, resample));
  }
  std::vector<report::Slice*> all;
  for (auto& check : checks)
    for (auto& slice : check.slices) all.push_back(&slice);
  correct(all, [](report::Slice& slice) {
    slice.verdict = eval::judge(slice.test.p_within, slice.p_beyond_corrected);
    slice.too_few = slice.too_few && slice.verdict == eval::Verdict::undecided;
  });
  for (auto& check : checks) check.verdict = verdict_of(check);
  return checks;
}

}  // namespace matcher::run
