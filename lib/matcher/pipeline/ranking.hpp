// From ranked answers to what the metrics are computed of.
#pragma once

#include "matcher/pipeline/run.hpp"

namespace matcher::pipeline {

eval::Ranking ranking_of(const RankedQuery& query);

Outcomes outcomes_of(const std::vector<RankedQuery>& queries);

}  // namespace matcher::pipeline
