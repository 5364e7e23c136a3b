// From ranked answers to what the metrics are computed of.
#pragma once

#include "matcher/eval/open_set.hpp"
#include "matcher/run/run.hpp"

namespace matcher::run {

/// Whether the first answer to a known query has its label.
bool is_right(const RankedQuery& query);

/// Best scores of known and unknown queries, and those of known ones had their own product not been there.
struct BestScores {
  std::vector<eval::KnownQuery> known;
  std::vector<double> unknown, left_out;
};
void add(BestScores& scores, const RankedQuery& query);

eval::Ranking ranking_of(const RankedQuery& query);

void add(Outcomes& outcomes, const RankedQuery& query, eval::Ranking ranking);

Outcomes outcomes_of(const std::vector<RankedQuery>& queries);

}  // namespace matcher::run
