#include "matcher/run/comparison.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "matcher/core/error.hpp"
#include "matcher/core/names.hpp"
#include "matcher/run/common.hpp"
#include "matcher/run/gate/drift.hpp"
#include "matcher/run/verdict.hpp"

namespace matcher::run {
namespace {

std::vector<std::string> metric_names(const Run& run) {
  std::vector<std::string> names;
  for (const auto& [name, estimate] : run.report.metrics) names.push_back(name);
  return names;
}

bool same_queries(const KnownQueries& a, const KnownQueries& b) {
  return std::ranges::equal(
      a, b, [](const RankedQuery* x, const RankedQuery* y) { return x->id == y->id && x->label == y->label; });
}

/// The first difference that prevents a comparison; empty: none.
std::string difference(const Run& a, const Run& b, Images allowed) {
  if (auto data = data_difference(a.report, b.report, allowed); !data.empty()) return data;
  if (metric_names(a) != metric_names(b)) {
    return fmt::format("their metrics are {} and {}", fmt::join(metric_names(a), ", "),
                       fmt::join(metric_names(b), ", "));
  }
  if (allowed == Images::changed) return {};
  const auto x = known_queries(a.queries), y = known_queries(b.queries);
  if (!same_queries(x, y)) return fmt::format("they hold different queries ({} and {})", x.size(), y.size());
  return {};
}

/// Only the images or labels changed: then the common queries can be compared.
std::string common_hint(const Run& a, const Run& b) {
  const bool only_images = !data_difference(a.report, b.report).empty() && difference(a, b, Images::changed).empty();
  return only_images && !a.folder.empty() && !b.folder.empty() ? ", or compare the queries that both have: --common"
                                                               : "";
}

void check_comparable(std::span<const Run> runs, Images allowed) {
  for (const auto& run : runs) {
    const auto why = difference(runs[0], run, allowed);
    if (why.empty()) continue;
    throw Error(ErrorCode::mismatch,
                fmt::format("cannot compare the runs \"{}\" and \"{}\": {}; evaluate both again on the same data{}",
                            runs[0].folder.string(), run.folder.string(), why, common_hint(runs[0], run)));
  }
}

std::vector<MeasuredRun> measure_all(std::span<const Run> runs) {
  const auto metrics = eval::metrics(metric_names(runs[0]));
  std::vector<MeasuredRun> all;
  for (const auto& run : runs) all.push_back(measure_each(run, metrics));
  return all;
}

/// The report with intervals by `resample`.
report::Report report_with(const MeasuredRun& measured, eval::Resample resample, eval::Groups groups) {
  auto report = measured.run->report;
  if (report.resample == resample) return report;
  report.resample = resample;
  report.metrics = estimates_of(measured.values, measured.metrics, groups);
  return report;
}

std::vector<std::pair<std::string, eval::Gain>> gains_of(const MeasuredRun& run, const MeasuredRun& baseline,
                                                         eval::Groups groups) {
  const auto gains = eval::paired_gains(run.values, baseline.values, groups);
  std::vector<std::pair<std::string, eval::Gain>> named;
  for (std::size_t m = 0; m < gains.size(); ++m) named.emplace_back(run.metrics[m].name, gains[m]);
  return named;
}

/// Corrects p over the models (Holm), for each metric by itself.
void correct(std::vector<report::Row>& rows) {
  for (std::size_t m = 0; m < rows.at(0).report.metrics.size(); ++m) {
    std::vector<eval::Gain*> family;
    for (auto& row : rows) {
      if (!row.gains.empty()) family.push_back(&row.gains[m].second);
    }
    eval::correct(family);
  }
}

report::Answered first_answer(const Run& run, const RankedQuery& query) {
  if (query.answers.empty()) return {};
  const auto& [id, label, score] = query.answers[0];
  return {id, label, name_of(run, label)};
}

report::Changes changes_of(const MeasuredRun& run, const MeasuredRun& baseline) {
  report::Changes changes;
  for (std::size_t i = 0; i < run.queries.size(); ++i) {
    const auto &before = *baseline.queries[i], &after = *run.queries[i];
    if (is_right(before) == is_right(after)) continue;
    (is_right(before) ? changes.broken : changes.fixed)
        .push_back({after.id, after.path, after.label, first_answer(*baseline.run, before),
                    first_answer(*run.run, after), name_of(*run.run, after.label)});
  }
  return changes;
}

/// A gate goes on if only the images or labels changed, as in a catalogue that grows.
bool goes_on(std::span<const Run> runs, const GateOptions& gate) {
  if (gate.empty()) return false;
  const auto differs = [&](Images allowed) {
    return std::ranges::any_of(
        runs, [&](const Run& run) { return !data_difference(runs[0].report, run.report, allowed).empty(); });
  };
  return differs(Images::same) && !differs(Images::changed);
}

/// A gate on a small part of the baseline's queries would say little about the rest.
void check_enough(const report::Common& common, std::span<const Run> runs, std::size_t baseline) {
  const auto all = common.queries + common.left_out[baseline];
  if (2 * common.queries >= all) return;
  throw Error(ErrorCode::mismatch,
              fmt::format("the runs have only {} of the {} queries of \"{}\" in common, less than half. Make a new "
                          "reference, or compare these queries alone: --common",
                          common.queries, all, runs[baseline].folder.string()));
}

/// Reduces the runs to their common queries, and measures them again.
report::Common reduce(std::span<Run> runs) {
  report::Common common;
  common.left_out = keep_common_queries(runs);
  common.queries = runs[0].queries.size();
  for (auto& run : runs) measure(run, eval::metrics(metric_names(run)));
  return common;
}

}  // namespace

std::string data_difference(const report::Report& a, const report::Report& b, Images allowed) {
  const auto &x = a.dataset, &y = b.dataset;
  if (x.name != y.name) return fmt::format("their datasets are \"{}\" and \"{}\"", x.name, y.name);
  if (x.protocol != y.protocol) return fmt::format("their protocols are \"{}\" and \"{}\"", x.protocol, y.protocol);
  if (allowed == Images::same && x.fingerprint != y.fingerprint) {
    return fmt::format("the images or labels of \"{}\" changed between them (data {} and {})", x.name,
                       short_fingerprint(x.fingerprint), short_fingerprint(y.fingerprint));
  }
  if (a.depth != b.depth) return fmt::format("they keep {} and {} answers per query (depth)", a.depth, b.depth);
  return {};
}

report::Comparison compare(std::vector<Run> runs, std::size_t baseline, const ComparisonOptions& options) {
  const bool reduces = options.common || goes_on(runs, options.gate);
  check_comparable(runs, reduces ? Images::changed : Images::same);
  check_gate(options.gate, metric_names(runs[baseline]));
  auto drift =
      options.gate.max_drift ? judge_drift(runs, baseline, *options.gate.max_drift) : std::vector<report::DriftCheck>();
  const auto common = reduces ? std::optional(reduce(runs)) : std::nullopt;
  if (common && !options.common) check_enough(*common, runs, baseline);
  const auto measured = measure_all(runs);
  const auto groups = groups_of(measured[baseline].queries, options.resample);
  report::Comparison comparison{runs[baseline].report.model.name, {}, options.resample, {}};
  for (std::size_t i = 0; i < runs.size(); ++i) {
    report::Row row{report_with(measured[i], options.resample, groups), {}, runs[i].folder.string(), {}};
    if (i != baseline) {
      row.gains = gains_of(measured[i], measured[baseline], groups);
      row.changes = changes_of(measured[i], measured[baseline]);
    }
    comparison.rows.push_back(std::move(row));
  }
  comparison.common = common;
  correct(comparison.rows);
  if (runs.size() > 1) comparison.verdict = decide(measured, comparison.rows, baseline, groups);
  if (options.gate.empty()) return comparison;
  comparison.gate = judge(measured, baseline, options.gate, groups);
  comparison.gate->drift_checks = std::move(drift);
  return comparison;
}

}  // namespace matcher::run
