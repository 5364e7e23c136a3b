// From ranked answers to what the metrics are computed of.
#pragma once

#include <string>

#include "matcher/eval/metrics.hpp"
#include "matcher/pipeline/run.hpp"

namespace matcher::pipeline {

eval::Ranking ranking_of(const RankedQuery& query);

/// The value of "top<k>", "mrr" or "map" for one query.
double metric_value(const eval::Ranking& ranking, const std::string& metric);

}  // namespace matcher::pipeline
