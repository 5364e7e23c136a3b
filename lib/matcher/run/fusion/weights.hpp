// Checks and chooses the weights of a fusion.
#pragma once

#include "matcher/run/fusion.hpp"
#include "matcher/run/split.hpp"

namespace matcher::run {

/// Chooses weights on the tuning rows of `others`, for the reported rows of `members`; both may be the same runs.
Weights choose_weights(const std::vector<Run>& others, const std::vector<Run>& members, const QuerySplit& split,
                       eval::Fusion method);

}  // namespace matcher::run
