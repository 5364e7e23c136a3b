// What is said of runs that are fused, and of parts of runs.
#pragma once

#include <span>

#include "matcher/eval/measures.hpp"
#include "matcher/report/fusion.hpp"
#include "matcher/run/run.hpp"

namespace matcher::run {

/// The rows of the queries of `run` that `like` has, both in one order.
std::vector<std::size_t> rows_like(const Run& run, const Run& like);

/// Leaves the queries of `rows`. The dataset gets another name and fingerprint, so that the part is not taken for the
/// whole; failures and self matches remain those of the whole, and the metrics are for describe_fusion() to fill in.
void keep_queries(Run& run, const std::vector<std::size_t>& rows);

/// Model, data, depth and speed of a fusion of answers; its queries and metrics are not there yet.
report::Report fused_report(std::span<const Run> members, const std::string& method, std::span<const double> weights);

/// Measures members and ensemble on the same queries: their metrics, gains, ceiling and overlaps. Throws Error(input)
/// when none of the queries has a right answer.
report::Fusion describe_fusion(Run& ensemble, std::span<Run> members, std::span<const double> weights,
                               std::span<const eval::Measure> measures);

}  // namespace matcher::run
