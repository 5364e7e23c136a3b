// From ranked answers to what the metrics are computed of.
#pragma once

#include "matcher/pipeline/run.hpp"

namespace matcher::pipeline {

eval::Ranking ranking_of(const RankedQuery& query);

void add(Outcomes& outcomes, const RankedQuery& query, eval::Ranking ranking);

Outcomes outcomes_of(const std::vector<RankedQuery>& queries);

}  // namespace matcher::pipeline
