// Fuses the answers of several runs to the same queries: weights, the fused run, and its gain over each member.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "matcher/eval/fusion.hpp"
#include "matcher/eval/metrics.hpp"
#include "matcher/report/fusion.hpp"
#include "matcher/run/run.hpp"

namespace matcher::run {

/// Throws Error(usage) without a top-k accuracy, which describe_fusion() needs.
void check_fusion_metrics(std::span<const eval::Metric> metrics);

/// Reduces a run in memory to what its folder keeps, so that both give the same fusion: strictly falling scores of
/// known queries, the first `answers_shown` answers of unknown ones.
void keep_stored(Run& run);

/// Makes runs the members of a fusion: gives every answer the label that some member has for it. Throws
/// Error(mismatch), naming the difference, if two runs have other data or queries.
void join_members(std::vector<Run>& members);

/// Weights of sum 1, one per member.
struct Weights {
  std::vector<double> values;
  std::optional<report::Tuning> tuning{};  ///< how they were chosen; none: given
};

/// Equal weights if none are given. Throws Error(usage) unless there is one per member, 0 or more, at least one above
/// 0.
Weights scale_weights(std::vector<double> weights, std::size_t members);

/// Chooses weights on one half of the queries and leaves the members the other half. Throws Error(input) for too few
/// queries.
Weights tune_on_half(std::vector<Run>& members, eval::Fusion method);

/// Chooses weights on the queries of `others` that are not queries of `members`. Throws Error(input) for too few
/// queries.
Weights tune_elsewhere(const std::vector<Run>& others, const std::vector<Run>& members, eval::Fusion method);

/// Leaves `run` the queries that `like` has. The dataset gets another name and fingerprint, so that nobody takes the
/// part for the whole; its failures and self matches remain those of the whole. Metrics are set by describe_fusion().
void keep_queries_of(Run& run, const Run& like);

/// Fuses the answers that the members kept. Metrics are set by describe_fusion().
Run fuse_answers(std::span<const Run> members, eval::Fusion method, std::span<const double> weights);

/// Measures members and ensemble on the same queries: metrics, breakdowns, gains, ceiling and overlaps. Throws
/// Error(input) if no query has a right answer, Error(usage) without a top-k accuracy among the metrics.
report::Fusion describe_fusion(Run& ensemble, std::span<Run> members, std::span<const double> weights,
                               std::span<const eval::Metric> metrics);

}  // namespace matcher::run
