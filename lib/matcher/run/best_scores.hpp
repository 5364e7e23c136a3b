// Collects the best scores of known and unknown queries, from which a threshold is chosen (eval/open_set.hpp).
#pragma once

#include <vector>

#include "matcher/eval/open_set.hpp"
#include "matcher/run/run.hpp"

namespace matcher::run {

struct BestScores {
  std::vector<eval::KnownQuery> known;
  std::vector<double> unknown;
  std::vector<double> left_out;  ///< scores of known queries if the gallery lacked their label; a query may have none
};

/// Adds a query; one without answers has no score.
void add(BestScores& scores, const RankedQuery& query);

}  // namespace matcher::run
