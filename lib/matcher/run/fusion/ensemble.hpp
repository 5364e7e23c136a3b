// Describes a fused run: model, data, index and speed.
#pragma once

#include <span>
#include <vector>

#include "matcher/eval/fusion.hpp"
#include "matcher/run/run.hpp"

namespace matcher::run {

/// The report of a fusion of answers, without metrics.
report::Report ensemble_report(std::span<const Run> members, eval::Fusion method, std::span<const double> weights);

/// Describes `data` as the part that has the queries `kept`.
void describe_part(report::Data& data, const std::vector<RankedQuery>& kept);

}  // namespace matcher::run
